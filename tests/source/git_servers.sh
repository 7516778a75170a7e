# Real servers for repositories below $work/www, on free ports of 127.0.0.1; to be sourced by a
# test that has $work and $server (server.py), and that calls stop_servers in its trap.
#   start_https   $https, with a certificate of an authority in $work/ca.pem
#   start_ssh     sshd: $ssh_port, the keys $work/key (may enter) and $work/stranger (may not), and
#                 $work/known_hosts; ssh_with OPTIONS prints a command for GIT_SSH_COMMAND
#   start_daemon  $daemon, git daemon, where everybody may push
# shellcheck shell=sh disable=SC2154
pids=

stop_servers() {
    exec 4>&- || true
    for pid in $pids; do
        kill "$pid" 2>/dev/null || true
    done
    wait 2>/dev/null || true
}

until_there() { # until_there WHAT COMMAND...
    what=$1
    shift
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || { echo "FAILED: no $what"; exit 1; }
        sleep 0.05
    done
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

listens() {
    python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)' \
        "$1" 2>/dev/null
}

make_authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout "$work/ca.key" \
        -out "$work/ca.pem" -subj "/CN=test authority" 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/tls.key" \
        -out "$work/tls.csr" -subj /CN=127.0.0.1 2>/dev/null
    printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\n' >"$work/tls.ext"
    openssl x509 -req -in "$work/tls.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial \
        -days 2 -extfile "$work/tls.ext" -out "$work/tls.pem" 2>/dev/null
}

start_https() {
    [ -e "$work/tls.pem" ] || make_authority
    mkfifo "$work/tls.feed"
    python3 "$server" "$work/www" "$work/tls.pem" "$work/tls.key" <"$work/tls.feed" >"$work/tls.port" &
    pids="$pids $!"
    exec 4>"$work/tls.feed"
    until_there "HTTPS server" test -s "$work/tls.port"
    https=https://127.0.0.1:$(cat "$work/tls.port")
}

# An sshd of one's own needs no root: it lets in the user who runs it, by a key alone.
start_ssh() {
    mkdir -m 700 "$work/sshd"
    for key in host key stranger; do
        ssh-keygen -q -t ed25519 -N '' -C $key -f "$work/$key"
    done
    cp "$work/key.pub" "$work/sshd/authorized_keys"
    ssh_port=$(free_port)
    cat >"$work/sshd/config" <<END
Port $ssh_port
ListenAddress 127.0.0.1
HostKey $work/host
AuthorizedKeysFile $work/sshd/authorized_keys
PidFile $work/sshd/pid
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
SetEnv GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=*
END
    # Without it sshd, run by root, does not start.
    [ "$(id -u)" != 0 ] || mkdir -p /run/sshd
    /usr/sbin/sshd -D -e -f "$work/sshd/config" 2>"$work/sshd/log" &
    pids="$pids $!"
    until_there sshd listens "$ssh_port"
    echo "[127.0.0.1]:$ssh_port $(cut -d' ' -f1,2 "$work/host.pub")" >"$work/known_hosts"
}

ssh_with() {
    echo "ssh -F /dev/null -o StrictHostKeyChecking=yes -o UserKnownHostsFile=$work/known_hosts" \
        "-o IdentitiesOnly=yes $*"
}

start_daemon() {
    daemon_port=$(free_port)
    git daemon --listen=127.0.0.1 --port="$daemon_port" --base-path="$work/www" --export-all \
        --enable=receive-pack --reuseaddr 2>"$work/daemon.log" &
    pids="$pids $!"
    until_there "git daemon" listens "$daemon_port"
    daemon=git://127.0.0.1:$daemon_port
}
