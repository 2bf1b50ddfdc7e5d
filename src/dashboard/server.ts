/** The dashboard's server: the pages, and beside them an API in JSON. */
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { version } from "../../package.json";
import { presetFolder, presets } from "../lab/study.ts";
import { type Language, languages } from "../report/words/index.ts";
import { HEADERS } from "../serve/headers.ts";
import { site } from "../serve/site.ts";
import { shownStore } from "../store/place.ts";
import type { Store } from "../store/store.ts";
import { studyJsonSchema } from "../study/json-schema.ts";
import { errorsOf, UserError } from "../util/errors.ts";
import type { Remote } from "../util/rpc.ts";
import { zoo } from "../zoo/index.ts";
import type {
  About,
  ChangeEvent,
  CheckRequest,
  PresetsView,
  QueueView,
  Refusal,
  RunList,
  RunView,
  StartRequest,
  StartView,
  StudyView,
} from "./api.ts";
import { check, checkedStudy } from "./check.ts";
import { guard, nameFor } from "./guard.ts";
import { jobs } from "./jobs.ts";
import { producer } from "./produce.ts";
import type { Reads } from "./reader.ts";
import { reading } from "./reading.ts";
import { runList } from "./run-list.ts";
import { studyYaml } from "./study-yaml.ts";
import { trialOf } from "./trial-view.ts";
import { watch } from "./watch.ts";

export interface DashboardOptions {
  store: string;
  /** The built pages. */
  pages: string;
  /** How to call this program: a command and what comes before the name of one of ours. */
  program: readonly string[];
  port: number;
  host: string;
  /** Null on the loopback address alone. */
  token: string | null;
  readOnly: boolean;
  allowCode: boolean;
  /** Where runs are started, and from where paths of own data count. */
  folder: string;
  dataDir?: string;
  /** How long a request may take to arrive. */
  requestMs?: number;
}

export interface Dashboard {
  url: string;
  close(): Promise<void>;
}

const BODY_BYTES = 256 * 1024;
const MOST_RUNS = 20;
const MOST_LISTENERS = 64;
/** Of a listener that does not read. */
const MOST_WAITING_BYTES = 64 * 1024;
const PING_MS = 15_000;

/** With each answer: the number of the latest change that it knows. */
const REVISION_HEADER = "x-losslab-revision";

/** What a run and a trial can be written as, and under which type. */
const EXPORTS = {
  runs: { csv: "text/csv", parquet: "application/vnd.apache.parquet", latex: "application/x-tex", methods: "text/markdown" }, // biome-ignore format: one line
  trials: { onnx: "application/octet-stream", safetensors: "application/octet-stream" },
} as const;
const EXTENSIONS: Record<string, string> = { latex: "tex", methods: "md" };

/**
 * A report is a document of an origin of its own. Of scripts its own alone runs, by the hash that the report's writer put into its head,
 * before all that a study says; its data can be downloaded.
 */
function reportPolicy(report: Buffer): string {
  const [, script = "'none'"] = /; script-src ('sha256-[\w+/=]+')"/.exec(report.toString("latin1", 0, 1000)) ?? [];
  return `sandbox allow-scripts allow-downloads; default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${script}; frame-ancestors 'none'`;
}

class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

type Ids = { Params: { ids: string } };
type InLanguage = { Querystring: { lang?: string } };
type Id = { Params: { id: string } };

/** @throws UserError of a language that reports are not written in */
function languageOf({ lang = "en" }: InLanguage["Querystring"]): Language {
  const found = languages.find((language) => language === lang);
  if (!found) throw new UserError(`there is no language "${lang}"`, "lang", languages.join(", "));
  return found;
}

/** The page as it was built, told that a dashboard serves it. */
const indexOf = (pages: string): string =>
  readFileSync(join(pages, "index.html"), "utf8").replace("</head>", '<meta name="losslab-dashboard"></head>');

export async function dashboard(options: DashboardOptions): Promise<Dashboard> {
  const { store: dir, host, token, readOnly, allowCode, folder, requestMs = 10_000 } = options;
  const watched = watch(dir);
  const guarded = guard(host, token);
  const running = jobs({ ...options, store: dir }, watched.touch);
  const produce = producer(options.program, folder, dir);
  const { reader, close: endReader } = reading(dir);
  const list = runList(async (run) => reader().facts(run), watched.touch);
  const pages = site(options.pages);
  const index = indexOf(options.pages);

  const app = fastify({
    bodyLimit: BODY_BYTES,
    connectionTimeout: 0,
    requestTimeout: requestMs,
    keepAliveTimeout: 10_000,
    forceCloseConnections: true,
    http: { headersTimeout: requestMs, connectionsCheckingInterval: requestMs / 4 },
    routerOptions: { maxParamLength: 1000 },
  });
  app.server.maxConnections = 512;
  app.removeContentTypeParser("text/plain"); // what a form of another page could send

  app.addHook("onRequest", async (request, reply) => {
    reply.headers({ ...HEADERS, "cache-control": "no-store" });
    const given = (request.query as { token?: unknown }).token;
    const cookie = request.method === "GET" && typeof given === "string" ? guarded.cookieFor(given) : null;
    const { status, reason } = guarded.judge(
      cookie ? { method: request.method, headers: { ...request.headers, cookie } } : request,
    );
    if (status !== 200) throw new Refused(status, reason);
    // The token does not stay in the address.
    if (cookie) return reply.header("set-cookie", cookie).redirect("/#/runs", 303);
    if (readOnly && request.method === "POST" && request.routeOptions.url !== "/api/check")
      throw new Refused(403, "this dashboard is read-only");
  });

  // What is then read is at least as new as this says.
  app.addHook("preHandler", async (request, reply) => {
    if (request.method !== "GET" || !request.url.startsWith("/api/")) return;
    await watched.store();
    reply.header(REVISION_HEADER, String(watched.revision()));
  });

  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = refusalOf(error);
    if (status === 500) console.error(error);
    reply.status(status).send(body);
  });

  app.setNotFoundHandler((request, reply) => {
    if (request.url.startsWith("/api/")) return reply.status(404).send({ error: "there is no such address" });
    reply.hijack();
    pages(request.raw, reply.raw);
  });

  for (const path of ["/", "/index.html"]) {
    app.get(path, (_, reply) => reply.type("text/html; charset=utf-8").header("cache-control", "no-cache").send(index));
  }

  /** The store, where it must be there. */
  const opened = async (): Promise<Store> => {
    const store = await watched.store();
    if (!store) throw new Refused(404, `there is no store in ${shownStore(dir)} yet`);
    return store;
  };
  const asked = ({ params }: FastifyRequest<Ids>): string[] => {
    const ids = params.ids.split(",");
    if (ids.length > MOST_RUNS) throw new Refused(400, `at most ${MOST_RUNS} runs can be looked at together`);
    return ids;
  };
  /** Answers with what the reader says, as JSON. */
  const read = async (reply: FastifyReply, ask: (reader: Remote<Reads>) => Promise<string>) => {
    await opened();
    return reply.type("application/json; charset=utf-8").send(await ask(reader()));
  };

  app.get("/api/about", (): About => ({ version, store: shownStore(dir), folder, readOnly, allowCode }));
  app.get("/api/schema", () => studyJsonSchema(zoo));
  app.get(
    "/api/presets",
    (): PresetsView => ({
      presets: presets().map((name) => ({ name, text: readFileSync(join(presetFolder(), `${name}.yaml`), "utf8") })),
    }),
  );
  app.get("/api/runs", async (): Promise<RunList> => {
    const store = await watched.store();
    return { runs: store ? await list(store) : [], jobs: await running.list(store) };
  });
  app.get("/api/queue", async (): Promise<QueueView> => {
    const store = await watched.store();
    return { workers: (await store?.workers()) ?? [], queue: (await store?.queue()) ?? [] };
  });
  app.get<Ids>("/api/runs/:ids", async (request): Promise<RunView> => {
    const store = await opened();
    const { ids, ...view } = await reader().run(asked(request));
    const rows = await list(store);
    return { runs: ids.map((id) => rows.find((r) => r.id === id)!), ...view };
  });
  app.get<Ids & { Querystring: Record<string, string | undefined> }>(
    "/api/runs/:ids/curves",
    async (request, reply) => {
      const { metric = "accuracy", split = "test", seeds, seconds, only } = request.query;
      const keys = only === undefined ? null : new Set(String(only).split(","));
      const wanted = { metric, split, seeds: seeds === "1", seconds: seconds === "1", only: keys };
      return read(reply, (reader) => reader.curves(asked(request), wanted));
    },
  );
  app.get<Ids & InLanguage>("/api/runs/:ids/ranking", async (request, reply) =>
    read(reply, (reader) => reader.ranking(asked(request), languageOf(request.query))),
  );
  app.get<Ids & { Querystring: { most?: string } }>("/api/runs/:ids/pairs", async (request, reply) => {
    const most = Number(request.query.most ?? 40);
    if (!Number.isInteger(most) || most < 2) throw new Refused(400, "most must be a whole number >= 2");
    return read(reply, (reader) => reader.pairs(asked(request), most));
  });
  app.get<Ids>("/api/runs/:ids/trials", async (request, reply) =>
    read(reply, (reader) => reader.trials(asked(request))),
  );
  app.get<Ids & InLanguage>("/api/runs/:ids/claims", async (request, reply) =>
    read(reply, (reader) => reader.claims(asked(request), languageOf(request.query))),
  );
  app.get<Id>("/api/runs/:id/study", async ({ params }): Promise<StudyView> => {
    const { spec } = await (await opened()).run(params.id);
    return { yaml: studyYaml(spec) };
  });
  app.get<Id>("/api/trials/:id", async ({ params }, reply) => read(reply, (reader) => reader.trial(params.id)));
  app.get<Id & { Querystring: { epoch?: string; split?: string } }>(
    "/api/trials/:id/confusion",
    async ({ params, query: { epoch, split = "test" } }, reply) =>
      read(reply, (reader) => reader.confusion(params.id, Number(epoch), split)),
  );

  app.get<Id & InLanguage>("/api/runs/:id/report", async ({ params, query }, reply) => {
    const language = languageOf(query);
    const { id } = await (await opened()).run(params.id);
    const file = await produce((out) => ["report", id, "--lang", language, "--format", "html", "--out", out]);
    return reply.header("content-security-policy", reportPolicy(file)).type("text/html; charset=utf-8").send(file);
  });
  for (const kind of ["runs", "trials"] as const) {
    app.get<{ Params: { id: string; format: string } }>(
      `/api/${kind}/:id/export/:format`,
      async ({ params }, reply) => {
        const { id, format } = params;
        const type = Object.entries(EXPORTS[kind]).find(([name]) => name === format)?.[1];
        if (!type) throw new Refused(404, `there is no format "${format}"; there are ${Object.keys(EXPORTS[kind]).join(", ")}`); // biome-ignore format: one line
        const store = await opened();
        const known = kind === "runs" ? (await store.run(id)).id : (await trialOf(store, id)).trial.id;
        const file = await produce((out) => ["export", known, `--${format}`, out]);
        const name = `${known}.${EXTENSIONS[format] ?? format}`;
        return reply.type(type).header("content-disposition", `attachment; filename="${name}"`).send(file);
      },
    );
  }

  app.get<Id>("/api/trials/:id/mistakes", async ({ params }, reply) => {
    const { trial } = await trialOf(await opened(), params.id);
    const data = options.dataDir ? ["--data", options.dataDir] : [];
    const file = await produce((out) => ["mistakes", trial.id, "--out", out, ...data]);
    return reply.type("application/json; charset=utf-8").send(file);
  });

  const yamlOf = (body: unknown): string => {
    const { yaml } = (body ?? {}) as Partial<CheckRequest>;
    if (typeof yaml !== "string") throw new Refused(400, "expected { yaml: a study as text }");
    return yaml;
  };
  app.post("/api/check", ({ body }) => check(yamlOf(body), { folder, allowCode }));
  app.post("/api/start", async ({ body }): Promise<StartView> => {
    const yaml = yamlOf(body);
    const { workers } = body as StartRequest;
    if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= 1024))
      throw new Refused(400, "workers must be a whole number from 1 to 1024");
    const { name } = await checkedStudy(yaml, { folder, allowCode });
    const job = running.start(name, yaml, workers ? ["--workers", String(workers)] : []);
    watched.touch();
    return { job };
  });
  const acts = {
    pause: (store: Store, id: string) => running.signal(store, id, "SIGUSR2"),
    continue: (store: Store, id: string) => running.signal(store, id, "SIGCONT"),
    stop: (store: Store, id: string) => running.signal(store, id, "SIGINT"),
    resume: async (store: Store, id: string) => {
      await running.resume(store, id);
    },
  };
  for (const [name, act] of Object.entries(acts)) {
    app.post<Id>(`/api/runs/:id/${name}`, async ({ params }) => {
      const store = await opened();
      await act(store, (await store.run(params.id)).id);
      watched.touch();
      return {};
    });
  }

  let listeners = 0;
  app.get("/api/events", (request, reply: FastifyReply) => {
    if (listeners >= MOST_LISTENERS) throw new Refused(503, "too many pages are open");
    listeners++;
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { ...HEADERS, "content-type": "text/event-stream", "cache-control": "no-store" });
    const send = (text: string): void => {
      if (raw.writableLength > MOST_WAITING_BYTES) raw.destroy();
      else raw.write(text);
    };
    const tell = (): void => {
      const event: ChangeEvent = { revision: watched.revision(), at: new Date().toISOString() };
      send(`event: change\ndata: ${JSON.stringify(event)}\n\n`);
    };
    const stop = watched.subscribe(tell);
    const ping = setInterval(() => send(": still here\n\n"), PING_MS);
    request.raw.on("close", () => {
      listeners--;
      stop();
      clearInterval(ping);
    });
    tell();
  });

  try {
    await app.listen({ port: options.port, host });
  } catch (error) {
    endReader();
    await watched.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" || code === "EACCES")
      throw new UserError(`port ${options.port} cannot be had (${code})`, "--port", "0 takes any free one");
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
      throw new UserError(`this machine has no address ${host}`, "--host");
    throw error;
  }
  reader(); // starts it, so that nobody waits for that
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${nameFor(host)}:${port}/`,
    async close() {
      await app.close();
      endReader();
      await watched.close();
    },
  };
}

function refusalOf(error: unknown): { status: number; body: Refusal } {
  if (error instanceof Refused) return { status: error.status, body: { error: error.message } };
  if (error instanceof UserError) {
    const [{ message, where, hint }] = errorsOf(error);
    const missing = /^no run or study|^there is no trial|has no runs yet/.test(message);
    return { status: missing ? 404 : 400, body: { error: message, ...(where && { where }), ...(hint && { hint }) } };
  }
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode && statusCode < 500) return { status: statusCode, body: { error: message ?? "bad request" } };
  return { status: 500, body: { error: "the dashboard met an error of its own; its terminal says which" } };
}
