# Read by bin/run and bin/test, with ROOT set: a Python, and a .venv that holds a locked list.

# Print the first Python >= 3.11 there is; fail with one sentence when there is none.
find_python() {
    older=
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        found=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2], sys.version_info >= (3, 11))' 2>/dev/null) || continue
        case $found in
            *True) echo "$name"; return ;;
            *) older=${older:-${found% *}} ;;
        esac
    done
    if [ -n "$older" ]; then
        echo "Palier demande Python 3.11 ou plus récent et cette machine n’a que Python $older : installez-en un, puis relancez cette commande." >&2
    else
        echo "Palier demande Python 3.11 ou plus récent et cette machine n’en a aucun : installez-le (par exemple « sudo apt install python3 python3-venv »), puis relancez cette commande." >&2
    fi
    return 1
}

# Whether .venv holds this list already. The stamp is a copy of the list, written last; a
# Python upgraded under the .venv loses sight of its packages, and somebody may have removed one, so look.
prepared() {
    cmp -s "$ROOT/$1" "$ROOT/.venv/palier-$1" && "$ROOT/.venv/bin/python" "$ROOT/bin/whole.py" "$ROOT/$1" 2>/dev/null
}

# prepare LIST: make .venv or bring it up to date, unless that is done.
prepare() {
    prepared "$1" && return
    python=$(find_python) || exit 1
    "$python" "$ROOT/bin/install.py" "$1" || exit 1
}
