"""The trainings of bench/step.ts and bench/epoch.ts in plain eager PyTorch, one model after another.

Reads a request from each line of standard input, JSON, and answers on standard output:
{"case": {...}} loads what a case trains on; {"run": true} trains it once from its first weights and tells the seconds of
the last epoch's steps, the first of them left out, and each model's loss at the checked step of the first;
{"epoch": [trials]} trains those for one epoch, evaluates them on the test examples, and tells the seconds of all of it and
each model's mean training loss. Data lie in memory as the network sees them: no loader, no transforms.
"""

import ctypes
import json
import os
import re
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))

LOSSES = {
    "ce": lambda: F.cross_entropy,
    "kl": lambda: lambda z, y: F.kl_div(F.log_softmax(z, 1), F.one_hot(y, 10).float(), reduction="batchmean"),
    "hinge": lambda delta=1: lambda z, y: 10 * F.multi_margin_loss(z, y, margin=delta),
    "mae": lambda: lambda z, y: F.l1_loss(F.softmax(z, 1), F.one_hot(y, 10).float()),
    "mse": lambda: lambda z, y: F.mse_loss(F.softmax(z, 1), F.one_hot(y, 10).float()),
    "focal": lambda gamma: lambda z, y: focal(z, y, gamma),
}

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "selu": nn.SELU, "hardswish": nn.Hardswish}


def focal(z, y, gamma):
    ce = F.cross_entropy(z, y, reduction="none")
    return ((1 - torch.exp(-ce)) ** gamma * ce).mean()


def mlp(activation, hidden=(28,)):
    sizes = [784, *hidden]
    dense = [part for i, o in zip(sizes, sizes[1:]) for part in (nn.Linear(i, o), activation())]
    return nn.Sequential(nn.Flatten(), *dense, nn.Linear(sizes[-1], 10))


def lenet(activation):
    return nn.Sequential(
        nn.Conv2d(3, 6, 5), activation(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), activation(), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120), activation(), nn.Linear(120, 84), activation(), nn.Linear(84, 10),
    )  # fmt: skip


def cnn(activation):
    return nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), activation(), nn.Conv2d(32, 32, 3, padding=1), activation(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), activation(), nn.Conv2d(64, 64, 3, padding=1), activation(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(4096, 128), activation(), nn.Linear(128, 10),
    )  # fmt: skip


MODELS = {"mlp": mlp, "lenet": lenet, "cnn": cnn}


def start(case, loss, activation):
    """A trial's model with the case's first weights, its loss and its optimizer."""
    model = MODELS[case["model"]](ACTIVATIONS[activation], **case.get("params", {}))
    nn.utils.vector_to_parameters(case["weights"].clone(), model.parameters())
    name, arguments = next(iter(loss.items()))
    return model, LOSSES[name](**arguments), torch.optim.SGD(model.parameters(), **case["sgd"])


def load(case):
    """Images as the network sees them, labels, and the first weights, flat, in the order of the parameters."""
    with open(case["images"], "rb") as file:
        pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)
    with open(case["labels"], "rb") as file:
        labels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).long()
    with open(case["weights"], "rb") as file:
        weights = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
    images = pixels.float() * case["scale"] + case["offset"]
    loaded = {**case, "images": images.view(-1, *case["shape"]), "labels": labels, "weights": weights}
    for name in ("train", "test"):
        if name in case:
            with open(case[name], "rb") as file:
                loaded[name] = torch.frombuffer(bytearray(file.read()), dtype=torch.int32).long()
    return loaded


def train(case, loss, activation):
    """Seconds of the last epoch's steps after the first, and the loss at the checked step of the first."""
    model, criterion, optimizer = start(case, loss, activation)
    images, labels, size = case["images"], case["labels"], case["batchSize"]
    for epoch in range(case["epochs"]):
        for at in range(0, len(labels), size):
            x, y = images[at : at + size], labels[at : at + size]
            optimizer.zero_grad()
            value = criterion(model(x), y)
            value.backward()
            optimizer.step()
            if at == 0:
                begun = time.perf_counter()
            if epoch == 0 and at == case["checkedStep"] * size:
                checked = value.item()
        seconds = time.perf_counter() - begun
    return seconds, checked


def epoch(case, loss, activation):
    """One epoch in the given order, then loss and accuracy on the test examples; the mean training loss."""
    model, criterion, optimizer = start(case, loss, activation)
    images, labels, order, test = case["images"], case["labels"], case["train"], case["test"]
    total = 0.0
    for at in range(0, len(order), case["batchSize"]):
        batch = order[at : at + case["batchSize"]]
        y = labels[batch]
        optimizer.zero_grad()
        value = criterion(model(images[batch]), y)
        value.backward()
        optimizer.step()
        total += value.item() * len(y)
    with torch.no_grad():
        hits = 0
        for at in range(0, len(test), 500):
            batch = test[at : at + 500]
            z = model(images[batch])
            criterion(z, labels[batch]).item()
            hits += (z.argmax(1) == labels[batch]).sum().item()
    return total / len(order)


def blas():
    """OpenBLAS's version and the processor it takes this one for, where PyTorch uses it."""
    with open("/proc/self/maps") as maps:
        found = re.search(r"/\S*openblas\S*", maps.read())
    if not found:
        return "not OpenBLAS"
    library = ctypes.CDLL(found.group())
    library.openblas_get_config.restype = ctypes.c_char_p
    library.openblas_get_corename.restype = ctypes.c_char_p
    version = " ".join(library.openblas_get_config().decode().split()[:2])
    return f"{version}, kernels {library.openblas_get_corename().decode()}"


torch.mm(torch.ones(8, 8), torch.ones(8, 8))
print(json.dumps({"torch": torch.__version__, "python": sys.version.split()[0], "blas": blas()}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if "case" in request:
        loaded = load(request["case"])
        print("{}", flush=True)
    elif "epoch" in request:
        begun = time.perf_counter()
        losses = [epoch(loaded, loss, activation) for loss, activation in request["epoch"]]
        print(json.dumps({"seconds": time.perf_counter() - begun, "losses": losses}), flush=True)
    else:
        results = [train(loaded, loss, activation) for loss, activation in loaded["trials"]]
        answer = {"seconds": sum(s for s, _ in results), "losses": [v for _, v in results]}
        print(json.dumps(answer), flush=True)
