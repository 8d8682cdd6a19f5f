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
        "") flags="-v --version --host --no-start -h --help serve status logs shutdown create show plan run batch embed tokenize stop pull push search link list ps cp rm prune verify export import config doctor service launch help" ;;
        serve|start) flags="--detach --host --port --models --api-key --origins --allowed-hosts --keep-alive --load-timeout --num-parallel --max-loaded-models --max-queue --context-length --flash-attention --kv-cache-type --gpu-overhead --threads --max-body --response-store --response-store-count --response-store-age --sources --catalogue --registry --pull-streams --pull-limit --pull-links --partial-days --registry-logins --noprune --debug --log-format --log-prompts -h --help" ;;
        status) flags="--json -h --help" ;;
        logs) flags="-f --follow -n --lines -h --help" ;;
        shutdown) flags="-h --help" ;;
        create) flags="-f --file -q --quantize --imatrix -h --help" ;;
        show) flags="--license --modelfile --parameters --template --system -v --verbose --json --format -h --help" ;;
        plan) flags="--num-ctx --device --gpu-layers --json -h --help" ;;
        run) flags="--keepalive --verbose --insecure --nowordwrap --raw --format --think --hidethinking --show-prompt --system -f --file --json --seed -o --option --truncate --no-truncate --dimensions -h --help" ;;
        batch) flags="--model --parallel --system --format --think -o --option --keepalive -h --help" ;;
        embed) flags="--truncate --no-truncate --dimensions --keepalive -h --help" ;;
        tokenize) flags="--count --json -h --help" ;;
        stop) flags="-h --help" ;;
        pull) flags="--insecure -h --help" ;;
        push) flags="--insecure -h --help" ;;
        search) flags="--limit --offline --json -h --help" ;;
        link) flags="--name -h --help" ;;
        list|ls) flags="--json --format -h --help" ;;
        ps) flags="--json --format -w --watch -h --help" ;;
        cp) flags="-h --help" ;;
        rm) flags="-h --help" ;;
        prune) flags="-n --dry-run -h --help" ;;
        verify) flags="-h --help" ;;
        export) flags="-h --help" ;;
        import) flags="-h --help" ;;
        config) flags="--json -h --help" ;;
        doctor) flags="--json -h --help" ;;
        service) flags="-h --help" ;;
        launch) flags="--model --print -h --help" ;;
        help) flags="-h --help" ;;
    esac
    case "$previous" in
        -f|--file|--format|--models) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    esac
    if [[ $current != -* ]]; then
        case "$command" in
            show|run|embed|tokenize|stop|cp|rm) flags="$(omm __models 2>/dev/null)" ;;
            pull) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
            help) flags="serve status logs shutdown create show plan run batch embed tokenize stop pull push search link list ps cp rm prune verify export import config doctor service launch help" ;;
            config) flags="path show set unset edit host port models api_key origins allowed_hosts keep_alive load_timeout num_parallel max_loaded_models max_queue context_length flash_attention kv_cache_type gpu_overhead threads max_body response_store response_store_count response_store_age sources catalogue registry pull_streams pull_limit pull_links partial_days registry_logins noprune nohistory no_start debug log_format log_prompts" ;;
            service) flags="install uninstall status" ;;
            launch) flags="claude codex opencode aider copilot goose qwen" ;;
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$current")
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${current%:*}:"}")
    fi
}

complete -F _omm omm
