#!/usr/bin/env bash
# The whole pipeline: dry run -> HPO -> training -> INT8 and ONNX -> benchmarks -> ablation -> figures, tables, card, report.
#
#     ./run_end_to_end.sh [quick|cpu|release|refresh|full] [--from STAGE] [--restart] [key=value ...]
#
#     quick   (default) data that the project writes itself, no account. Every stage runs in minutes on two cores. Trains without
#             CodeChameleon rows and without the character CNN.
#     cpu     real text on two cores; needs data.local_dir=DIR
#     release the multilingual guard, on rows whose licence allows redistribution (configs/release.yaml); needs the same as cpu
#     refresh trains the guard in release/ further, on corpus files new to it (configs/refresh.yaml); needs the same as cpu
#     full    Hugging Face data sets on one large GPU; needs HF_TOKEN
#
# The same command, run again, skips finished stages and resumes an interrupted stage.
# --from STAGE repeats STAGE and all later stages. If the directory holds a run with other arguments, the command changes nothing
# and ends with status 2. Then choose another run.output_dir=DIR, or discard that run with --restart.
# Stages: dry_run hpo train optimize benchmarks ablation figures tables card report
# Stage ablation trains two small cells in quick only. With other presets a cell takes from ten minutes to hours: call
# scripts/run_ablations.py directly.
# Environment: USE_WANDB=true, HF_TOKEN, TORCH_INDEX_URL and PYTHON (see scripts/setup_venv.sh).
set -euo pipefail
cd "$(dirname "$0")"

usage() { sed -n '2,/^set /{s/^#$//p;s/^# //p;}' "$0"; }  # the comment above
fail() { echo "error: $*" >&2; exit 2; }

stages="dry_run hpo train optimize benchmarks ablation figures tables card report"
preset=quick from="" restart=() overrides=()
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --from) [ $# -ge 2 ] || fail "--from needs a stage: $stages"; from=$2; shift ;;
        --restart) restart=(--restart) ;;
        --from=*) from=${1#--from=} ;;
        quick | cpu | release | refresh | full) preset=$1 ;;
        *=*) overrides+=("$1") ;;
        *) fail "unknown argument '$1'; expected quick, cpu, release, refresh, full, --from STAGE, --restart or key=value" ;;
    esac
    shift
done
case " $stages " in *" ${from:-dry_run} "*) ;; *) fail "unknown stage '$from'; the stages are: $stages" ;; esac
[ "${USE_WANDB:-false}" = true ] && overrides+=("logging.wandb=true")

source scripts/setup_venv.sh requirements.txt
export OMP_WAIT_POLICY=PASSIVE PYTHONUNBUFFERED=1 TOKENIZERS_PARALLELISM=false
python=.venv/bin/python
config=(--config "configs/$preset.yaml")
case $preset in  # presets below it
    release) config=(--config configs/cpu.yaml "${config[@]}") ;;
    refresh) config=(--config configs/cpu.yaml --config configs/release.yaml "${config[@]}") ;;
esac

# Prints one line per path. Checks the configuration, the data directory and the output directory before any stage starts.
paths=$("$python" scripts/print_paths.py --claim ${restart[@]+"${restart[@]}"} "${config[@]}" \
    ${overrides[@]+"${overrides[@]}"}) || exit 2
path_of() { sed -n "s/^$1=//p" <<< "$paths"; }
run_dir=$(path_of root)
marks=$(path_of stages)  # src/stages.py explains the files in it
echo "run: preset $preset in $run_dir"

forget=false
for stage in $stages; do
    [ "$stage" = "$from" ] && forget=true
    if $forget; then
        rm -f "$marks/$stage"
        case $stage in hpo | train | ablation) touch "$marks/$stage.repeat" ;; esac
    fi
done

run_stage() {
    local stage=$1 started=$SECONDS status=0 restart=() words=()
    shift
    case $stage in
        figures | tables | card) ;;  # they read only the files of the run
        *) words=(${overrides[@]+"${overrides[@]}"}) ;;
    esac
    if [ -f "$marks/$stage" ]; then
        echo "stage $stage: done before, in $(cat "$marks/$stage"); repeat it with --from $stage"
        return
    fi
    if [ -f "$marks/$stage.repeat" ]; then
        restart=(--restart)
        rm "$marks/$stage.repeat"
    fi
    echo "stage $stage: started${restart:+ from the beginning; what it left before is discarded}"
    "$python" "$@" ${restart[@]+"${restart[@]}"} ${words[@]+"${words[@]}"} || status=$?
    if [ "$status" -ne 0 ]; then
        echo "stage $stage: FAILED after $((SECONDS - started)) s (exit status $status)" >&2
        exit "$status"
    fi
    echo "$((SECONDS - started)) s" > "$marks/$stage"
    echo "stage $stage: done in $((SECONDS - started)) s"
}

run_stage dry_run dry_run.py "${config[@]}"
run_stage hpo hyperparameter_optimization.py "${config[@]}"
run_stage train train_production_final.py "${config[@]}"
run_stage optimize optimize_model.py --model_path "$(path_of best_model)" --output_dir "$(path_of optimized)"
run_stage benchmarks evaluate_benchmarks.py --model_path "$(path_of optimized)" --output_dir "$(path_of benchmarks)"
if [ "$preset" = quick ]; then  # the default cell, also scored without views, and a cell without the corpus' mirrors
    run_stage ablation scripts/run_ablations.py --cells corpus_without_mirrors --scores_only \
        --output_dir "$(path_of ablations)" "${config[@]}" --config configs/quick_ablation.yaml
else
    echo "stage ablation: left out in preset $preset, where a cell takes from ten minutes to hours; scripts/run_ablations.py --help has the command"
fi
run_stage figures scripts/generate_paper_figures.py \
    --metrics "$(path_of training_metrics_csv)" --results "$(path_of benchmarks)/benchmark_results.json"
run_stage tables scripts/make_tables.py --run "$run_dir"
run_stage card scripts/create_model_card.py --run "$run_dir"
run_stage report scripts/make_report.py "${config[@]}"
echo "report: $(path_of report_html)"
