#!/usr/bin/env bash
# The whole pipeline: dry run -> HPO -> training -> INT8 and ONNX -> benchmarks -> figures -> report.
#
#     ./run_end_to_end.sh [quick|cpu|full] [--from STAGE] [key=value ...]
#
#     quick   data that the project writes itself, no account: every stage in minutes on two cores (default)
#     cpu     real text on two cores in two hours or more: data.source=local data.local_dir=DIR
#     full    Hugging Face data sets on one large GPU: HF_TOKEN must be set
#
# A finished stage is not repeated when the command is run again with the same words; an interrupted one goes on.
# --from STAGE repeats STAGE and everything after it. Other words start again from the first stage.
# Stages: dry_run hpo train optimize benchmarks figures report
# Environment: USE_WANDB=true, HF_TOKEN, TORCH_INDEX_URL and PYTHON (see scripts/setup_venv.sh).
set -euo pipefail
cd "$(dirname "$0")"

usage() { sed -n '2,14p' "$0" | sed 's/^# \{0,1\}//'; }
fail() { echo "error: $*" >&2; exit 2; }

stages="dry_run hpo train optimize benchmarks figures report"
preset=quick from="" overrides=()
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --from) [ $# -ge 2 ] || fail "--from needs a stage: $stages"; from=$2; shift ;;
        --from=*) from=${1#--from=} ;;
        quick | cpu | full) preset=$1 ;;
        *=*) overrides+=("$1") ;;
        *) fail "unknown argument '$1'; expected quick, cpu, full, --from STAGE or key=value" ;;
    esac
    shift
done
case " $stages " in *" ${from:-dry_run} "*) ;; *) fail "unknown stage '$from'; the stages are: $stages" ;; esac
[ "${USE_WANDB:-false}" = true ] && overrides+=("logging.wandb=true")

source scripts/setup_venv.sh requirements.txt
export OMP_WAIT_POLICY=PASSIVE PYTHONUNBUFFERED=1 TOKENIZERS_PARALLELISM=false
python=.venv/bin/python
config=(--config "configs/$preset.yaml")

# One line per path; the configuration is checked here, before any stage starts.
paths=$("$python" scripts/print_paths.py "${config[@]}" ${overrides[@]+"${overrides[@]}"})
path_of() { sed -n "s/^$1=//p" <<< "$paths"; }
run_dir=$(path_of root)
mkdir -p "$run_dir/.stages"

# `.stages/STAGE` says that a stage is done, `STAGE.started` that it may be resumed.
# A run with other words is another run: its stages start over, in the same directory.
words="$preset ${overrides[*]-}"
if [ "$(cat "$run_dir/.stages/words" 2> /dev/null)" != "$words" ]; then
    rm -f "$run_dir/.stages/"*
    echo "$words" > "$run_dir/.stages/words"
fi
forget=false
for stage in $stages; do
    [ "$stage" = "$from" ] && forget=true
    if $forget; then rm -f "$run_dir/.stages/$stage" "$run_dir/.stages/$stage.started"; fi
done

run_stage() {
    local stage=$1 started=$SECONDS status=0 restart=()
    shift
    if [ -f "$run_dir/.stages/$stage" ]; then
        echo "stage $stage: done before, in $(cat "$run_dir/.stages/$stage"); repeat it with --from $stage"
        return
    fi
    case $stage in hpo | train) [ -f "$run_dir/.stages/$stage.started" ] || restart=(--restart) ;; esac
    touch "$run_dir/.stages/$stage.started"
    echo "stage $stage: started"
    "$python" "$@" ${restart[@]+"${restart[@]}"} ${overrides[@]+"${overrides[@]}"} || status=$?
    if [ "$status" -ne 0 ]; then
        echo "stage $stage: FAILED after $((SECONDS - started)) s (exit status $status)" >&2
        exit "$status"
    fi
    echo "$((SECONDS - started)) s" > "$run_dir/.stages/$stage"
    echo "stage $stage: done in $((SECONDS - started)) s"
}

run_stage dry_run dry_run.py "${config[@]}"
run_stage hpo hyperparameter_optimization.py "${config[@]}"
run_stage train train_production_final.py "${config[@]}"
run_stage optimize optimize_model.py --model_path "$(path_of best_model)" --output_dir "$(path_of optimized)"
run_stage benchmarks evaluate_benchmarks.py --model_path "$(path_of optimized)" --output_dir "$(path_of benchmarks)"
run_stage figures scripts/generate_paper_figures.py \
    --metrics "$(path_of training_metrics_csv)" --results "$(path_of benchmarks)/benchmark_results.json"
run_stage report scripts/make_report.py "${config[@]}"
echo "report: $(path_of report_html)"
