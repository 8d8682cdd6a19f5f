#compdef omm
# Completion of omm for zsh. Written by python -m omm.cli.generate.

_omm_models() {
    local -a names
    names=(${(f)"$(omm __models 2>/dev/null)"})
    compadd -a names
}

_omm_commands() {
    local -a commands
    commands=(
        'serve:Start omm'
        'status:Tell whether the server runs, and what it does'
        'logs:Print the log of a server that runs in the background'
        'shutdown:Stop the server that runs on this machine'
        'create:Create a model'
        'show:Show information for a model'
        'plan:Show how a model would run, and in which memory'
        'run:Run a model'
        'batch:Answer a file of prompts'
        'embed:Print the vectors of texts'
        'tokenize:Print the tokens of a text'
        'stop:Stop a running model'
        'pull:Pull a model from a source'
        'push:Push a model to a registry'
        'search:Search for models to pull'
        'link:Make a model of a file without copying it'
        'list:List models'
        'ps:List running models'
        'cp:Copy a model'
        'rm:Remove a model'
        'prune:Remove files that no model uses'
        'verify:Check that models are as they were pulled'
        'export:Write a model into one file'
        'import:Read a model out of a file that export wrote'
        'config:Show or change the settings'
        'doctor:Check that this machine has what omm needs'
        'service:Start the server whenever you log in'
        'launch:Start a coding tool that uses omm'
        'help:Help about any command'
    )
    _describe command commands
}

_omm() {
    local context state line
    typeset -A opt_args
    _arguments -C \
        '(-v --version)'{-v,--version}'[Show version information]' \
        --host='[Server to talk to\: \[scheme\://\]host\[\:port\]\[/path\]]:value:' \
        --no-start'[Do not start a server when none answers]' \
        '(-h --help)'{-h,--help}'[Show this help]' \
        '1: :_omm_commands' \
        '*::argument:->argument'
    [[ $state == argument ]] || return
    case $line[1] in
        serve|start)
            _arguments \
                --detach'[Run in the background, and return when it answers]' \
                --host='[Address to listen on and to connect to\: host\[\:port\]]:value:' \
                --port='[Port; 0 takes the one in the host setting, else 11434]:value:' \
                --models='[Directory of the model store; may be an Ollama directory]:file:_files' \
                --api-key='[Key that every request must carry]:value:' \
                --origins='[Further web origins that may call the server]:value:' \
                --allowed-hosts='[Further Host names to answer to on a loopback address]:value:' \
                --keep-alive='[How long an idle model stays loaded; negative is for ever]:value:' \
                --load-timeout='[Longest wait for a model to load]:value:' \
                --num-parallel='[Sequences decoded together per model; 0 chooses by memory]:value:' \
                --max-loaded-models='[Models loaded at once; 0 is 3]:value:' \
                --max-queue='[Requests that may wait before new ones get 503]:value:' \
                --context-length='[Default context in tokens; 0 chooses by memory]:value:' \
                --flash-attention='[Flash attention\: on, off or auto]:value:' \
                --kv-cache-type='[Number format of the KV cache]:value:' \
                --gpu-overhead='[Memory to leave free on each GPU]:value:' \
                --threads='[CPU threads per model; 0 is one per core, fewer for a very small model]:value:' \
                --max-body='[Largest request body]:value:' \
                --response-store='[Where /v1/responses keeps answers\: none, memory, sqlite or sqlite\:PATH]:value:' \
                --response-store-count='[Answers kept; the oldest go first]:value:' \
                --response-store-age='[How long answers are kept; negative is for ever]:value:' \
                --sources='[Where pulls look for a name, in this order]:value:' \
                --catalogue='[File of further short names; by default catalogue.toml beside the models]:value:' \
                --registry='[Registry for names without a host that the catalogue lacks]:value:' \
                --pull-streams='[Connections that fetch one file together]:value:' \
                --pull-limit='[Most bytes per second that pulls may use together; 0 is no limit]:value:' \
                --pull-links'[Link files that Ollama, LM Studio or Hugging Face'\''s cache have already, in place of fetching them]' \
                --partial-days='[Days after which an unfinished download that nobody resumed is deleted]:value:' \
                --registry-logins='[Accounts at model registries\: host=user\:password,…]:value:' \
                --noprune'[Keep blobs that no model uses]' \
                --debug'[Log more]' \
                --log-format='[Form of the server'\''s log\: text or json]:value:' \
                --log-prompts'[Log every prompt as the model sees it]' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        status)
            _arguments \
                --json'[Print JSON]' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        logs)
            _arguments \
                '(-f --follow)'{-f,--follow}'[Go on printing what is added]' \
                '(-n --lines)'{-n,--lines=}'[How many of the last lines]:value:' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        shutdown)
            _arguments \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        create)
            _arguments \
                '(-f --file)'{-f,--file=}'[Name of the Modelfile; - is the standard input]:file:_files' \
                '(-q --quantize)'{-q,--quantize=}'[Quantize the weights, say to Q4_K_M]:value:' \
                --imatrix='[Importance matrix to quantize with]:file:_files' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        show)
            _arguments \
                --license'[Show license of a model]' \
                --modelfile'[Show Modelfile of a model]' \
                --parameters'[Show parameters of a model]' \
                --template'[Show template of a model]' \
                --system'[Show system message of a model]' \
                --effective'[Show every value that requests get, and where each is from]' \
                '(-v --verbose)'{-v,--verbose}'[Show detailed model information]' \
                --json'[Print JSON]' \
                --format='[Print this for each, with {name} and other fields of --json]:value:' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:model:_omm_models'
            ;;
        plan)
            _arguments \
                --num-ctx='[Context to plan for]:value:' \
                --device='[auto, cpu, cuda, cuda\:N, metal or vulkan]:value:' \
                --gpu-layers='[Layers to put on accelerators]:value:' \
                --json'[Print JSON]' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:model:_omm_models'
            ;;
        run)
            _arguments \
                --keepalive='[Duration to keep a model loaded (e.g. 5m)]:value:' \
                --verbose'[Show timings for response]' \
                --insecure'[Use an insecure registry]' \
                --nowordwrap'[Don'\''t wrap words to the next line automatically]' \
                --raw'[Do not format the answer as Markdown]' \
                --format='[Response format\: json, a JSON schema or its file]:file:_files' \
                --think=-'[Think before answering\: true, false, low, medium, high or max]::value:' \
                --hidethinking'[Do not show the thinking]' \
                --show-prompt'[Show on stderr what the model sees, as its template puts it]' \
                --system='[System message]:value:' \
                '(-f --file)'{-f,--file=}'[Put a text or an image before the prompt; may be repeated]:file:_files' \
                --json'[Print the answer'\''s events as JSON, one a line]' \
                --seed='[Random seed; the same one gives the same answer]:value:' \
                '(-o --option)'{-o,--option=}'[Set an option; may be repeated]:value:' \
                --mcp='[Let the model call tools of the MCP servers in a JSON file]:file:_files' \
                --mcp-allow='[Tools or servers to call without asking; all for all]:value:' \
                '(--truncate --no-truncate)'{--truncate,--no-truncate}'[Embeddings\: cut text that is too long]' \
                --dimensions='[Embeddings\: length of the vector]:value:' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:model:_omm_models'
            ;;
        batch)
            _arguments \
                --model='[Model for lines that name none]:value:' \
                --parallel='[Requests at once; without it what the server can answer at once]:value:' \
                --system='[System message]:value:' \
                --format='[Response format\: json, a JSON schema or its file]:file:_files' \
                --think=-'[Think before answering\: true, false, low, medium, high or max]::value:' \
                '(-o --option)'{-o,--option=}'[Set an option; may be repeated]:value:' \
                --keepalive='[Duration to keep a model loaded (e.g. 5m)]:value:' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:file:_files'
            ;;
        embed)
            _arguments \
                '(--truncate --no-truncate)'{--truncate,--no-truncate}'[Cut text that is too long]' \
                --dimensions='[Length of the vectors]:value:' \
                --keepalive='[Duration to keep a model loaded (e.g. 5m)]:value:' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:model:_omm_models'
            ;;
        tokenize)
            _arguments \
                --count'[Print how many tokens there are]' \
                --json'[Print JSON]' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:model:_omm_models'
            ;;
        stop)
            _arguments \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:model:_omm_models'
            ;;
        pull)
            _arguments \
                --insecure'[Use an insecure registry]' \
                --quiet'[Show no progress]' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:file:_files'
            ;;
        push)
            _arguments \
                --insecure'[Use an insecure registry]' \
                --quiet'[Show no progress]' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:model:_omm_models'
            ;;
        search)
            _arguments \
                --limit='[Most rows of each place]:value:' \
                --offline'[Do not ask Hugging Face]' \
                --json'[Print JSON]' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        link)
            _arguments \
                --name='[Name of the model]:value:' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:file:_files'
            ;;
        list|ls)
            _arguments \
                --json'[Print JSON]' \
                --format='[Print this for each, with {name} and other fields of --json]:value:' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        ps)
            _arguments \
                --json'[Print JSON]' \
                --format='[Print this for each, with {name} and other fields of --json]:value:' \
                '(-w --watch)'{-w,--watch}'[Keep showing them, with their requests, until Ctrl-C]' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        cp)
            _arguments \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:model:_omm_models'
            ;;
        rm)
            _arguments \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:model:_omm_models'
            ;;
        prune)
            _arguments \
                '(-n --dry-run)'{-n,--dry-run}'[Only say what would be removed]' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        verify)
            _arguments \
                --repair'[Fetch damaged files again from where they came]' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:model:_omm_models'
            ;;
        export)
            _arguments \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:model:_omm_models'
            ;;
        import)
            _arguments \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:file:_files'
            ;;
        config)
            _arguments \
                --json'[Print JSON]' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*::word:(path show set unset edit host port models api_key origins allowed_hosts keep_alive load_timeout num_parallel max_loaded_models max_queue context_length flash_attention kv_cache_type gpu_overhead threads max_body response_store response_store_count response_store_age sources catalogue registry pull_streams pull_limit pull_links partial_days registry_logins noprune nohistory history_limit mcp_rounds mcp_timeout no_start debug log_format log_prompts)'
            ;;
        doctor)
            _arguments \
                --json'[Print JSON]' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        service)
            _arguments \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*::word:(install uninstall status)'
            ;;
        launch)
            _arguments \
                --model='[Model to use (default\: the newest)]:value:' \
                --print'[Print what would be run, and do not run it]' \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*::word:(claude codex opencode aider copilot goose qwen)'
            ;;
        help)
            _arguments \
                '(-h --help)'{-h,--help}'[Show this help]' \
                '1: :_omm_commands'
            ;;
    esac
}

if [[ $funcstack[1] == _omm ]]; then
    _omm "$@"
else
    compdef _omm omm
fi
