#!/bin/sh
# Install omm from this checkout into a private virtual environment. Run with --help for what it can do.
#
# Everything lands under one prefix, and a list of it is kept there, so that --uninstall removes exactly that.
# A stamp remembers what was installed from which sources; with nothing changed, a run costs a fraction of a second.

set -eu

readonly MIN_MINOR=11 # Python 3.11
checkout=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
readonly checkout

usage() {
    cat <<'EOF'
Usage: ./install.sh [--prefix DIR]               install omm, or bring it up to date
       ./install.sh [--prefix DIR] run ARGS...   install if needed, then `omm run ARGS...`
       ./install.sh [--prefix DIR] test ARGS...  install with the test tools, then run the tests
       ./install.sh [--prefix DIR] --uninstall   remove all of it, and its service, logs and caches;
                                              models, settings and the history of prompts stay

  --prefix DIR   where to install: DIR/bin/omm, DIR/share/omm and so on
                 (default: ~/.local, with ~/.local/share/omm for the program; as root /usr/local)
  -h, --help     show this text

Environment:
  OMM_BACKEND    what to build llama.cpp for: cpu, cuda, rocm, vulkan, metal, or auto to look again
                 (default: what was built before, else what this machine has)
  OMM_PYTHON     the Python to use (default: the first of python3, python3.14 ... python3.11 that is new enough)
  CMAKE_ARGS     further flags for building llama.cpp
EOF
}

say() { printf '%s\n' "$*" >&2; }

die() {
    say "Error: $*"
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# --- what the machine has ---------------------------------------------------------------------------------------------

is_new_enough() {
    "$1" -c "import sys; sys.exit(sys.version_info < (3, $MIN_MINOR))" 2>/dev/null
}

find_python() {
    for candidate in ${OMM_PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if has "$candidate" && is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
}

package_manager() {
    for manager in apt-get dnf pacman apk zypper brew; do
        if has "$manager"; then
            echo "$manager"
            return
        fi
    done
}

# The package that brings a tool: package MANAGER TOOL, where TOOL is python, venv, compiler or cmake.
package() {
    case "$1:$2" in
    apt-get:python) echo "python3 python3-venv" ;;
    apt-get:venv) echo "python3-venv" ;;
    dnf:python | dnf:venv) echo "python3.12" ;;
    pacman:python | pacman:venv) echo "python" ;;
    zypper:python | zypper:venv) echo "python312" ;;
    brew:python | brew:venv) echo "python@3.13" ;;
    apk:python | apk:venv) echo "python3 py3-pip" ;;
    apt-get:compiler) echo "g++" ;;
    dnf:compiler | zypper:compiler) echo "gcc-c++" ;;
    pacman:compiler) echo "gcc" ;;
    apk:compiler) echo "g++ linux-headers" ;;
    *:cmake) echo "cmake" ;;
    esac
}

install_command() {
    case $1 in
    pacman) echo "sudo pacman -S" ;;
    apk) echo "sudo apk add" ;;
    brew) echo "brew install" ;;
    *) echo "sudo $1 install" ;;
    esac
}

say_how_to_install() {
    manager=$(package_manager)
    packages=''
    for tool in $tools; do
        if [ "$(uname -s)" = Darwin ] && [ "$tool" = compiler ]; then
            say "Install Apple's compiler with: xcode-select --install"
        elif [ -n "$manager" ]; then
            packages="$packages $(package "$manager" "$tool")"
        fi
    done
    [ -z "$packages" ] || say "Install with: $(install_command "$manager")$packages"
}

# Check everything before giving up, so that one install command names all that is missing.
check_tools() {
    missing='' tools=''
    python=$(find_python)
    if [ -z "$python" ]; then
        missing="$missing, Python 3.$MIN_MINOR or newer" tools="$tools python"
    elif ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        missing="$missing, Python's venv module" tools="$tools venv"
    fi
    if ! has c++ && ! has g++ && ! has clang++ && [ -z "${CXX:-}" ]; then
        missing="$missing, a C++ compiler" tools="$tools compiler"
    fi
    if ! has cmake; then
        missing="$missing, CMake" tools="$tools cmake"
    fi
    [ -n "$missing" ] || return 0
    say "Error: omm needs ${missing#, }."
    say_how_to_install
    exit 1
}

has_nvidia() { [ -e /dev/nvidia0 ] || { has nvidia-smi && nvidia-smi -L 2>/dev/null | grep -q '^GPU'; }; }
has_amd() { [ -e /dev/kfd ]; }
has_render_node() { [ -e /dev/dri/renderD128 ]; }
has_vulkan_sdk() {
    has glslc && { [ -e /usr/include/vulkan/vulkan.h ] || [ -e "${VULKAN_SDK:-/nowhere}/include/vulkan/vulkan.h" ]; }
}

# A toolkit without its device, as in a container, builds what cannot run here: ask for both.
detect_backend() {
    if [ "$(uname -s)" = Darwin ] && [ "$(uname -m)" = arm64 ]; then
        echo metal
    elif has_nvidia && has nvcc; then
        echo cuda
    elif has_amd && has hipconfig; then
        echo rocm
    elif has_render_node && has_vulkan_sdk; then
        echo vulkan
    else
        echo cpu
    fi
}

# Say what would make the machine's GPU usable, once, when it is about to be left unused.
hint_toolkit() {
    if has_nvidia; then
        say "An NVIDIA GPU is here but nvcc is not: install the CUDA toolkit, then run OMM_BACKEND=auto ./install.sh."
    elif has_amd; then
        say "An AMD GPU is here but hipconfig is not: install ROCm, then run OMM_BACKEND=auto ./install.sh."
    fi
}

choose_backend() {
    if ! has nvcc && [ -x /usr/local/cuda/bin/nvcc ]; then
        export PATH="$PATH:/usr/local/cuda/bin" # where NVIDIA's installer puts it, and no PATH leads
    fi
    if [ -n "${OMM_BACKEND:-}" ] && [ "$OMM_BACKEND" != auto ]; then
        backend=$OMM_BACKEND
    elif [ -z "${OMM_BACKEND:-}" ] && [ -s "$home/backend" ]; then
        backend=$(cat "$home/backend")
    else
        backend=$(detect_backend)
        [ "$backend" != cpu ] || hint_toolkit
    fi
    case $backend in
    cpu | metal) backend_flags='' ;;
    cuda) backend_flags='-DGGML_CUDA=on' ;;
    rocm) backend_flags='-DGGML_HIP=on' ;;
    vulkan) backend_flags='-DGGML_VULKAN=on' ;;
    *) die "OMM_BACKEND: expected cpu, cuda, rocm, vulkan, metal or auto, not '$backend'" ;;
    esac
}

# --- places -----------------------------------------------------------------------------------------------------------

on_path() {
    case ":$PATH:" in
    *":$1:"*) return 0 ;;
    *) return 1 ;;
    esac
}

user_bin() {
    for directory in "$HOME/.local/bin" "$HOME/bin"; do
        if on_path "$directory"; then
            echo "$directory"
            return
        fi
    done
    echo "$HOME/.local/bin"
}

# Set bin and share, where links, completions and man pages go, and home, the directory that is all omm's.
choose_places() {
    if [ -n "$prefix" ]; then
        mkdir -p -- "$prefix"
        prefix=$(CDPATH='' cd -- "$prefix" && pwd)
        bin=$prefix/bin share=$prefix/share
    elif [ "$(id -u)" = 0 ]; then
        bin=/usr/local/bin share=/usr/local/share
    else
        bin=$(user_bin) share=${XDG_DATA_HOME:-$HOME/.local/share}
    fi
    home=$share/omm
    venv=$home/venv
    cache=${XDG_CACHE_HOME:-$HOME/.cache}/omm
}

# Set data, state and settings, where omm itself keeps what is the user's.
choose_user_places() {
    if [ -n "${OMM_HOME:-}" ]; then
        data=$OMM_HOME state=$OMM_HOME settings=$OMM_HOME
    elif [ "$(uname -s)" = Darwin ]; then
        data="$HOME/Library/Application Support/omm"
        state=$data settings=$data
    else
        data=${XDG_DATA_HOME:-$HOME/.local/share}/omm
        state=${XDG_STATE_HOME:-$HOME/.local/state}/omm
        settings=${XDG_CONFIG_HOME:-$HOME/.config}/omm
    fi
}

# --- install ----------------------------------------------------------------------------------------------------------

# cksum is in every POSIX system, and a stamp guards against change, not against malice.
checksum() {
    (cd -- "$checkout" && find "$@" -type f ! -name '*.pyc' -exec cksum {} + 2>/dev/null | LC_ALL=C sort -k 3 | cksum)
}

run_pip() {
    (
        unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_USER
        exec env CMAKE_ARGS="$cmake_args" PIP_DISABLE_PIP_VERSION_CHECK=1 "$venv/bin/python" -m pip "$@"
    ) >>"$home/install.log" 2>&1 || {
        tail -n 30 "$home/install.log" >&2
        die "pip failed; all of its output is in $home/install.log"
    }
}

# NOTE: pip's wheel cache knows a wheel by its sources and not by CMAKE_ARGS, so every kind of build gets its own cache;
# the plain build for the CPU shares the user's.
pip_cache() {
    if [ -n "${CMAKE_ARGS:-}" ]; then
        echo "--cache-dir=$cache/pip-$backend-$(printf '%s' "$CMAKE_ARGS" | cksum | cut -d ' ' -f 1)"
    elif [ "$backend" != cpu ] && [ "$backend" != metal ]; then
        echo "--cache-dir=$cache/pip-$backend"
    fi
}

# llama-cpp-python forces llama.cpp's helper library into the build and then leaves it unused. A variable set inside
# llama.cpp's own project wins over that.
write_slim_build() {
    printf 'set(LLAMA_BUILD_COMMON OFF)\n' >"$home/slim.cmake"
    echo "'-DCMAKE_PROJECT_llama.cpp_INCLUDE=$home/slim.cmake' -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF" \
        "-DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF"
}

install_everything() {
    check_tools
    mkdir -p -- "$home"
    : >"$home/install.log"
    printf '%s\n' "$build" >"$home/build"
    [ "$venv_is_stale" = no ] || rm -rf -- "$venv"
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || die "could not make a virtual environment in $venv"
    say "Installing omm with llama.cpp for $backend into $home (the first build takes some minutes) ..."
    cmake_args="$backend_flags $(write_slim_build) ${CMAKE_ARGS:-}"
    if [ "$backend" = rocm ]; then
        HIPCXX=$(hipconfig -l)/clang HIP_PATH=$(hipconfig -R)
        export HIPCXX HIP_PATH
    fi
    cache_option=$(pip_cache)
    run_pip install ${cache_option:+"$cache_option"} hatchling "$checkout${extra:+[$extra]}"
    "$venv/bin/python" -c 'import llama_cpp' 2>>"$home/install.log" ||
        die "llama.cpp was built for $backend but does not load: see $home/install.log." \
            "If the build came from pip's cache, 'pip cache remove llama_cpp_python' makes it build again."
    printf '%s\n' "$backend" >"$home/backend"
}

install_program() {
    say "Updating omm ..."
    run_pip install --no-deps --no-build-isolation --force-reinstall "$checkout"
}

# --- servers that run -------------------------------------------------------------------------------------------------

# The service that `omm service install` sets up: does it start this very omm?
is_service_ours() {
    if [ "$(uname -s)" = Darwin ]; then
        grep -qF -- "$venv/bin/python" "$HOME/Library/LaunchAgents/io.omm.server.plist" 2>/dev/null
    else
        quoted=$(printf '%s' "$venv/bin/python" | sed 's/["\\]/\\&/g; s/%/%%/g; s/\$/$$/g')
        grep -qF -- "$quoted" "${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user/omm.service" 2>/dev/null
    fi
}

# service start|stop|is-active
service() {
    case "$(uname -s):$1" in
    Darwin:is-active) launchctl list io.omm.server ;;
    Darwin:*) launchctl "$1" io.omm.server ;;
    *) systemctl --user "$1" omm.service ;;
    esac >/dev/null 2>&1
}

running_servers() {
    if has pgrep; then
        pattern=$(printf '%s' "$venv/bin/python" | sed 's/[][\\.*^$+?(){}|]/\\&/g')
        pgrep -f "^${pattern}[0-9.]* -m omm serve" || true
        return
    fi
    for file in /proc/[0-9]*/cmdline; do
        case $({ tr '\0' ' ' <"$file"; } 2>/dev/null) in
        "$venv/bin/python"*" -m omm serve"*)
            pid=${file#/proc/}
            echo "${pid%/cmdline}"
            ;;
        esac
    done
}

# A server that runs while its files change would start runners of the new version that it does not understand. The
# service is started again afterwards; in place of one that a command started in the background, the next command starts
# a new one.
stop_servers() {
    resume='no'
    if is_service_ours && service is-active && service stop; then
        say "Stopping the omm service ..."
        resume='yes'
    fi
    for pid in $(running_servers); do
        say "Stopping the omm server that is running (process $pid) ..."
        kill "$pid" 2>/dev/null || continue
        tries=100
        while [ "$tries" -gt 0 ] && kill -0 "$pid" 2>/dev/null; do
            tries=$((tries - 1))
            sleep 0.1
        done
    done
}

resume_service() {
    [ "$resume" = yes ] || return 0
    if service start; then
        say "Started the omm service again."
    else
        say "The omm service did not start again: see omm service status."
    fi
}

# --- files that lie elsewhere -----------------------------------------------------------------------------------------

# Make a directory and note it for --uninstall, unless it is there.
make_directory() {
    [ ! -d "$1" ] || return 0
    make_directory "$(dirname -- "$1")"
    mkdir -- "$1"
    printf '%s\n' "$1" >>"$home/files"
}

# Copy one file to where the system looks for it and note it for --uninstall.
place() {
    make_directory "$(dirname -- "$2")"
    cp -- "$1" "$2"
    chmod 644 "$2"
    printf '%s\n' "$2" >>"$home/files"
}

# Before the long build, not after it.
check_link() {
    if [ -e "$bin/omm" ] || [ -L "$bin/omm" ]; then
        [ "$(readlink "$bin/omm" 2>/dev/null)" = "$venv/bin/omm" ] ||
            die "$bin/omm exists and is not from here; remove it, or choose another place with --prefix"
    fi
}

link_command() {
    make_directory "$bin"
    ln -sf -- "$venv/bin/omm" "$bin/omm"
    printf '%s\n' "$bin/omm" >>"$home/files"
}

remove_placed() {
    [ -e "$home/files" ] || return 0
    while IFS= read -r file; do
        [ -d "$file" ] || rm -f -- "$file"
    done <"$home/files"
    # What is in a directory sorts behind it. One that others use by now is theirs.
    sort -r "$home/files" | while IFS= read -r file; do
        [ ! -d "$file" ] || rmdir -- "$file" 2>/dev/null || true
    done
}

place_all() {
    remove_placed
    : >"$home/files"
    link_command
    place "$checkout/completions/omm.bash" "$share/bash-completion/completions/omm"
    place "$checkout/completions/omm.zsh" "$share/zsh/site-functions/_omm"
    place "$checkout/completions/omm.fish" "$share/fish/vendor_completions.d/omm.fish"
    for page in "$checkout"/man/*.[157]; do
        place "$page" "$share/man/man${page##*.}/$(basename -- "$page")"
    done
}

recorded() { sed -n "s/^$1=//p" "$home/stamp" 2>/dev/null || true; }

is_stale() {
    ! "$venv/bin/python" -c '' 2>/dev/null || [ "$(cat "$home/build" 2>/dev/null)" != "$build" ]
}

needs_everything() {
    [ "$venv_is_stale" = yes ] || [ "$(recorded requirements)" != "$requirements" ] ||
        [ "$(recorded extra)" != "$extra" ]
}

# Decide between nothing, the program alone and everything, by what the stamp says was installed.
install() {
    choose_backend
    build="$backend $(printf '%s' "${CMAKE_ARGS:-}" | cksum)"
    requirements=$(checksum pyproject.toml)
    program=$(checksum omm completions man README.md install.sh)
    venv_is_stale=no
    ! is_stale || venv_is_stale=yes
    extra=${extra:-$(recorded extra)} # test tools once installed stay
    if needs_everything; then
        check_link
        stop_servers
        rm -f -- "$home/stamp"
        install_everything
    elif [ "$(recorded program)" != "$program" ]; then
        check_link
        stop_servers
        install_program
    else
        return 0
    fi
    place_all
    # The stamp comes last: an installation that was cut short is taken up again.
    printf '%s\n' "requirements=$requirements" "program=$program" "extra=$extra" >"$home/stamp"
    resume_service
    say "Installed omm: $bin/omm"
    on_path "$bin" || say "$bin is not on your PATH; add it with: export PATH=\"$bin:\$PATH\""
}

# Logs, and what servers noted of themselves. Models, settings and what was typed at the prompt are the user's.
remove_traces() {
    rm -rf -- "$state/logs" "$cache"
    rm -f -- "$state"/server-*.json "$state"/start-*.lock
    rmdir -- "$state" 2>/dev/null || true
}

uninstall() {
    [ -d "$venv" ] || [ -e "$home/files" ] || die "omm is not installed in $home"
    if is_service_ours; then
        "$venv/bin/omm" service uninstall >&2 || say "The service may not be gone: see above."
    fi
    stop_servers
    remove_placed
    rm -rf -- "$venv"
    for file in backend build files install.log slim.cmake stamp; do
        rm -f -- "$home/$file"
    done
    rmdir -- "$home" 2>/dev/null || true
    [ -z "$prefix" ] || rmdir -- "$share" "$bin" "$prefix" 2>/dev/null || true
    choose_user_places
    has omm || remove_traces # another omm may be in use
    told=':'
    for place in "$home" "$data" "$state" "$settings"; do
        case "$told" in
        *":$place:"*) continue ;;
        esac
        [ ! -d "$place" ] || say "Kept $place, which has models, settings or a history of yours."
        told="$told$place:"
    done
    say "Uninstalled omm."
}

# --- command line -----------------------------------------------------------------------------------------------------

prefix='' extra='' cmake_args=${CMAKE_ARGS:-} command='install'
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help)
        usage
        exit 0
        ;;
    --prefix)
        [ $# -ge 2 ] || die "--prefix needs a directory"
        prefix=$2
        shift
        ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    --uninstall) command='uninstall' ;;
    run | test)
        command=$1
        shift
        break
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
    shift
done

umask 022
choose_places
case $command in
install) install ;;
uninstall) uninstall ;;
run)
    install
    exec "$venv/bin/omm" run "$@"
    ;;
test)
    extra='test'
    install
    cd -- "$checkout"
    exec "$venv/bin/python" -m pytest "$@"
    ;;
esac
