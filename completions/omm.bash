# Completion of omm for bash. Written by python -m omm.cli.generate.

_omm() {
    local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" line command="" flags="" word i
    COMPREPLY=()
    # Names of models hold colons, which readline takes for word breaks: glue the pieces together again.
    line="${COMP_LINE:0:COMP_POINT}"
    [[ $current == : || $previous == : ]] && current="${line##*[[:space:]]}"
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${COMP_WORDS[i]}"
        case "$word" in
        --host) ((i++)) ;;
        -*) ;;
        *) command="$word"; break ;;
        esac
    done
    case "$command" in
        "") flags="-v --version --host --no-start -h --help serve create show run stop pull list ps cp rm help" ;;
        serve|start) flags="--host --port --models --api-key --origins --allowed-hosts --keep-alive --load-timeout --num-parallel --max-loaded-models --max-queue --context-length --flash-attention --kv-cache-type --gpu-overhead --threads --max-body --response-store --response-store-count --response-store-age --noprune --debug -h --help" ;;
        create) flags="-f --file -q --quantize --imatrix -h --help" ;;
        show) flags="--license --modelfile --parameters --template --system -v --verbose --json -h --help" ;;
        run) flags="--keepalive --verbose --insecure --nowordwrap --format --think --hidethinking --show-prompt --system -o --option --truncate --no-truncate --dimensions -h --help" ;;
        stop) flags="-h --help" ;;
        pull) flags="--insecure -h --help" ;;
        list|ls) flags="--json -h --help" ;;
        ps) flags="--json -h --help" ;;
        cp) flags="-h --help" ;;
        rm) flags="-h --help" ;;
        help) flags="-h --help" ;;
    esac
    case "$previous" in
        -f|--file|--format|--models) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    esac
    if [[ $current != -* ]]; then
        case "$command" in
            show|run|stop|cp|rm) flags="$(omm __models 2>/dev/null)" ;;
            pull) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
            help) flags="serve create show run stop pull list ps cp rm help" ;;
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$current")
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${current%:*}:"}")
    fi
}

complete -F _omm omm
