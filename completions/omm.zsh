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
        'create:Create a model'
        'show:Show information for a model'
        'run:Run a model'
        'stop:Stop a running model'
        'pull:Pull a model from a source'
        'list:List models'
        'ps:List running models'
        'cp:Copy a model'
        'rm:Remove a model'
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
                --noprune'[Keep blobs that no model uses]' \
                --debug'[Log more]' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        create)
            _arguments \
                '(-f --file)'{-f,--file=}'[Name of the Modelfile]:file:_files' \
                '(-q --quantize)'{-q,--quantize=}'[Quantize the weights, say to Q4_K_M]:value:' \
                --imatrix='[Importance matrix to quantize with]:value:' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        show)
            _arguments \
                --license'[Show license of a model]' \
                --modelfile'[Show Modelfile of a model]' \
                --parameters'[Show parameters of a model]' \
                --template'[Show template of a model]' \
                --system'[Show system message of a model]' \
                '(-v --verbose)'{-v,--verbose}'[Show detailed model information]' \
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
                --format='[Response format\: json, a JSON schema or its file]:file:_files' \
                --think=-'[Think before answering\: true, false, low, medium, high or max]::value:' \
                --hidethinking'[Do not show the thinking]' \
                --show-prompt'[Show on stderr what the model sees, as its template puts it]' \
                --system='[System message]:value:' \
                '(-o --option)'{-o,--option=}'[Set an option; may be repeated]:value:' \
                '(--truncate --no-truncate)'{--truncate,--no-truncate}'[Embeddings\: cut text that is too long]' \
                --dimensions='[Embeddings\: length of the vector]:value:' \
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
                '(-h --help)'{-h,--help}'[Show this help]' \
                '*:file:_files'
            ;;
        list|ls)
            _arguments \
                --json'[Print JSON]' \
                '(-h --help)'{-h,--help}'[Show this help]'
            ;;
        ps)
            _arguments \
                --json'[Print JSON]' \
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
