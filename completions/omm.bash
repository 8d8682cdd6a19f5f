# Completion of omm for bash. Written by python -m omm.cli.generate.

_omm() {
    local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
    local line command="" flags="" files="" word i
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
        serve|start) flags="--detach --host --port --models --api-key --origins --allowed-hosts --keep-alive --load-timeout --num-parallel --max-loaded-models --max-queue --context-length --flash-attention --kv-cache-type --gpu-overhead --threads --max-body --response-store --response-store-count --response-store-age --sources --catalogue --registry --pull-streams --pull-limit --pull-links --partial-days --registry-logins --noprune --debug --log-format --log-prompts -h --help" files="--models" ;;
        status) flags="--json -h --help" files="" ;;
        logs) flags="-f --follow -n --lines -h --help" files="" ;;
        shutdown) flags="-h --help" files="" ;;
        create) flags="-f --file -q --quantize --imatrix -h --help" files="-f --file --imatrix" ;;
        show) flags="--license --modelfile --parameters --template --system --effective -v --verbose --json --format -h --help" files="" ;;
        plan) flags="--num-ctx --device --gpu-layers --json -h --help" files="" ;;
        run) flags="--keepalive --verbose --insecure --nowordwrap --raw --format --think --hidethinking --show-prompt --system -f --file --json --seed -o --option --mcp --mcp-allow --truncate --no-truncate --dimensions -h --help" files="--format -f --file --mcp" ;;
        batch) flags="--model --parallel --system --format --think -o --option --keepalive -h --help" files="--format" ;;
        embed) flags="--truncate --no-truncate --dimensions --keepalive -h --help" files="" ;;
        tokenize) flags="--count --json -h --help" files="" ;;
        stop) flags="-h --help" files="" ;;
        pull) flags="--insecure --quiet -h --help" files="" ;;
        push) flags="--insecure --quiet -h --help" files="" ;;
        search) flags="--limit --offline --json -h --help" files="" ;;
        link) flags="--name -h --help" files="" ;;
        list|ls) flags="--json --format -h --help" files="" ;;
        ps) flags="--json --format -w --watch -h --help" files="" ;;
        cp) flags="-h --help" files="" ;;
        rm) flags="-h --help" files="" ;;
        prune) flags="-n --dry-run -h --help" files="" ;;
        verify) flags="--repair -h --help" files="" ;;
        export) flags="-h --help" files="" ;;
        import) flags="-h --help" files="" ;;
        config) flags="--json -h --help" files="" ;;
        doctor) flags="--json -h --help" files="" ;;
        service) flags="-h --help" files="" ;;
        launch) flags="--model --print -h --help" files="" ;;
        help) flags="-h --help" files="" ;;
    esac
    if [[ " $files " == *" $previous "* ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
    fi
    if [[ $current != -* ]]; then
        case "$command" in
            show|plan|run|embed|tokenize|stop|push|cp|rm|verify|export) flags="$(omm __models 2>/dev/null)" ;;
            pull|batch|link|import) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
            help) flags="serve status logs shutdown create show plan run batch embed tokenize stop pull push search link list ps cp rm prune verify export import config doctor service launch help" ;;
            config) flags="path show set unset edit host port models api_key origins allowed_hosts keep_alive load_timeout num_parallel max_loaded_models max_queue context_length flash_attention kv_cache_type gpu_overhead threads max_body response_store response_store_count response_store_age sources catalogue registry pull_streams pull_limit pull_links partial_days registry_logins noprune nohistory history_limit mcp_rounds mcp_timeout no_start debug log_format log_prompts" ;;
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
