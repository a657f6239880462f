# Read by bin/test: what only the tests need, installed where that is possible.

on_path() { command -v "$1" >/dev/null 2>&1; }

# get PACKAGE...: only as root on Debian or Ubuntu, quietly; fails elsewhere.
updated=
get() {
    [ "$(id -u)" -eq 0 ] && on_path apt-get || return 1
    echo "Les tests installent : $*…"
    if [ -z "$updated" ]; then apt-get -qq update >&2 </dev/null || return 1; fi
    updated=yes
    # In run level 1 a package does not start its service, which the tests do not need.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends "$@" >/dev/null </dev/null
}

# In one call what most machines lack, as far as that goes: each "need_" below looks again, and gets what is still missing.
get_missing() {
    set --
    on_path chromium || set -- "$@" chromium
    on_path chromium-headless-shell || set -- "$@" chromium-headless-shell
    on_path firefox-esr || on_path firefox || set -- "$@" firefox-esr
    on_path WebKitWebDriver || set -- "$@" webkit2gtk-driver
    on_path Xvfb || set -- "$@" xvfb
    on_path certutil || set -- "$@" libnss3-tools
    on_path initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || set -- "$@" postgresql
    [ $# -eq 0 ] || get "$@" || true
}

# Export CHROMIUM, the browser of the tests.
need_chromium() {
    # Playwright brings a Node of its own, which the smallest systems lack a library for.
    "$PYTHON" -m playwright --version >/dev/null 2>&1 || get libatomic1
    find_chromium && return
    get chromium && find_chromium && return
    "$PYTHON" -m playwright install chromium >/dev/null 2>&1 && find_chromium && return
    echo "Il manque Chromium aux tests : installez-le (« sudo apt install chromium »), ou donnez son chemin dans CHROMIUM." >&2
    return 1
}

# The same engine without windows, where there is one: the tests that need no notifications run a third faster on it.
find_chromium_shell() {
    on_path chromium-headless-shell || get chromium-headless-shell 2>/dev/null
    CHROMIUM_SHELL=$(command -v chromium-headless-shell || echo "$CHROMIUM")
    export CHROMIUM_SHELL
}

find_chromium() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && on_path "$name"; then
            CHROMIUM=$(command -v "$name")
            export CHROMIUM
            return
        fi
    done
    # What « playwright install » brought.
    CHROMIUM=$("$PYTHON" -c 'from playwright.sync_api import sync_playwright as start
with start() as playwright: print(playwright.chromium.executable_path)' 2>/dev/null)
    export CHROMIUM
    [ -x "$CHROMIUM" ]
}

# axe-core and html-validate, and Lighthouse with the many packages it brings, at the versions of their locks.
need_node_tools() {
    node_tools_in tests/browser && node_tools_in tests/browser/lighthouse
}

# No script of a package runs, so none can fetch a browser of its own.
node_tools_in() {
    lock=$ROOT/$1/package-lock.json
    stamp=$ROOT/$1/node_modules/palier-lock.json
    cmp -s "$lock" "$stamp" && on_path node && return
    if ! on_path npm && ! get nodejs npm; then
        echo "Il manque npm aux tests : installez-le (« sudo apt install npm »), puis relancez bin/test." >&2
        return 1
    fi
    if ! (cd "$ROOT/$1" && npm ci --silent --ignore-scripts --no-audit --no-fund </dev/null); then
        echo "Les outils de $1 n’ont pas pu être installés : vérifiez la connexion, puis relancez bin/test." >&2
        return 1
    fi
    cp "$lock" "$stamp"
}

# Set POSTGRES to yes or no.
need_postgres() {
    POSTGRES=yes
    "$PYTHON" "$ROOT/tests/support/postgres.py" && return
    get postgresql && "$PYTHON" "$ROOT/tests/support/postgres.py" && return
    POSTGRES=no
}

# Set PROXIES to yes or no.
need_proxies() {
    PROXIES=yes
    "$PYTHON" -m tests.browser.support.proxies && return
    new=
    for name in nginx caddy; do on_path "$name" || new="$new $name"; done
    # Under systemd a new service starts whatever the run level, unless it is masked; neither of
    # these is to take port 80, now or when the machine starts again.
    services mask
    get nginx caddy libnss3-tools systemd
    services unmask
    services disable
    "$PYTHON" -m tests.browser.support.proxies && return
    PROXIES=no
}

# services VERB: for what is newly installed, and only as root; what ran before is left alone.
services() {
    [ -n "$new" ] && [ "$(id -u)" -eq 0 ] && on_path systemctl || return 0
    # shellcheck disable=SC2086
    systemctl --quiet "$1" $new >/dev/null 2>&1 || true
}

# Set FIREFOX to yes or no.
need_firefox() {
    FIREFOX=yes
    on_path firefox-esr || on_path firefox || get firefox-esr || FIREFOX=no
}

# Set WEBKIT to yes or no.
need_webkit() {
    WEBKIT=yes
    on_path WebKitWebDriver && on_path Xvfb && return
    get webkit2gtk-driver xvfb && on_path WebKitWebDriver && on_path Xvfb || WEBKIT=no
}
