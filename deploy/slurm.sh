#!/usr/bin/env bash
# Workers as an array of Slurm jobs. Fill the queue first, from anywhere:
#   export LOSSLAB_STORE=postgres://losslab@db.cluster/losslab     (the password in ~/.pgpass, which must be mode 600)
#   losslab run my-study.yaml --queue --detach
#   sbatch --array=1-20 deploy/slurm.sh
# Each ends when the queue is empty. One that is preempted or runs out of time gives its cohorts back, and others go on with them.
#SBATCH --job-name=losslab
#SBATCH --cpus-per-task=8
#SBATCH --mem=24G
#SBATCH --time=12:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=losslab-%A-%a.log
# SIGTERM two minutes before the end: to the program, not to its shell.
#SBATCH --signal=TERM@120
set -euo pipefail

: "${LOSSLAB_STORE:?say where the store is: export LOSSLAB_STORE=postgres://user@host/database}"

# srun does not take the number of cores over from sbatch.
exec srun --ntasks=1 --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" losslab worker --workers "${SLURM_CPUS_PER_TASK:-1}" --drain
