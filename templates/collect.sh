#!/bin/sh
# Reads the network configuration of one VMware host and prints it as a transcript. For ESX 3.x to 4.1 and ESXi 4.1 to 8.0.
#
#   on the host:     sh collect.sh > HOST.txt
#   from elsewhere:  ssh root@HOST sh < collect.sh > HOST.txt
#
# Read-only: it runs commands that list and reads files, it changes nothing, and it writes to its standard output only.
# Passwords and keys are not read: of files that may hold any, only the lines that are needed are printed.
# COLLECT_ROOT=DIR takes the files (not the commands) from a disk that is mounted there.
#
# Each command stands behind a line that looks like a prompt; that is what the importer splits by.
set -u
PATH=$PATH:/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin
export PATH
# English, in whatever encoding names are in.
unset LC_ALL LANGUAGE
LC_MESSAGES=C
export LC_MESSAGES
root=${COLLECT_ROOT:-}

has() { command -v "$1" >/dev/null 2>&1; }
# The BusyBox of some release may lack these; printf prints one line here and nothing else.
has printf || printf() { shift && echo "$*"; }
has sort || sort() { cat; }

host=$(hostname 2>/dev/null) || host=$(uname -n 2>/dev/null) || host=
host=${host%%.*}
case $host in '' | *[!A-Za-z0-9_-]*) host=localhost ;; esac

# prompt WORD...: the line before an output, each word quoted so that a shell would read it back.
prompt() {
  line="[root@$host:~]"
  for word; do
    case $word in
      '' | *[!A-Za-z0-9_./:=,@%+-]*) word="'$(printf '%s\n' "$word" | sed "s/'/'\\\\''/g")'" ;;
    esac
    line="$line $word"
  done
  printf '%s\n' "$line"
}

# run COMMAND...: its output, errors among it. The blank line ends one that does not end its last line itself.
run() {
  has "$1" || return 0
  prompt "$@"
  "$@" </dev/null 2>&1
  printf '%s\n' ''
}

# show FILE SED-ARGUMENT...: the lines of a file that a sed script lets through.
show() {
  file=$1
  shift
  [ -f "$root$file" ] && [ -r "$root$file" ] || return 0
  prompt cat "$file"
  sed "$@" "$root$file"
  printf '%s\n' ''
}

files() {
  show /etc/vmware/esx.conf -n -e '/^[[:space:]]*\/net\/vswitch\//p' -e '/^[[:space:]]*\/net\/vmkernelnic\//p' \
    -e '/^[[:space:]]*\/net\/vswif\//p' -e '/^[[:space:]]*\/net\/pnic\//p' -e '/^[[:space:]]*\/net\/routes\//p' \
    -e '/^[[:space:]]*\/nas\//p' -e '/^[[:space:]]*\/boot\/cosvmdk/p' -e '/^[[:space:]]*\/system\/uuid/p' \
    -e '/^[[:space:]]*\/adv\/Net\/Management/p' -e '/^[[:space:]]*\/adv\/Misc\/Host/p' \
    -e '/^[[:space:]]*\/adv\/Migrate\/Vmknic/p' -e '/^[[:space:]]*\/adv\/FT\/Vmknic/p'
  scripts=$root/etc/sysconfig/network-scripts
  for path in "$scripts"/ifcfg-vswif[0-9]* "$scripts"/route-vswif[0-9]*; do
    # Copies that somebody made (.bak) are not in force.
    case $path in *[!0-9]) ;; *) show "${path#"$root"}" -e '/^[[:space:]]*KEY/d' ;; esac
  done
  show /etc/sysconfig/network -e '/^[[:space:]]*KEY/d'
  show /etc/sysconfig/static-routes -e ''
  show /etc/resolv.conf -e ''
  show /etc/hosts -e ''
  show /etc/ntp.conf -n -e '/^[[:space:]]*server[[:space:]]/p'
  show /etc/ntp/step-tickers -e ''
  show /etc/vmware-release -e ''
  show /etc/vmkiscsi.conf -n -e '/^[[:space:]]*DiscoveryAddress/p'
}

listings() {
  run esxcfg-vswif -l
  run esxcfg-vmknic -l
  run esxcfg-vswitch -l
  run esxcfg-route
  run esxcfg-route -l
  run esxcfg-nics -l
  run esxcfg-nas -l
}

console() {
  run route -n
  run ifconfig -a
}

# ESX and ESXi 4: one list for each software adapter.
bindings_of_4() {
  has esxcfg-scsidevs && has esxcli || return 0
  for adapter in $(esxcfg-scsidevs -a 2>/dev/null </dev/null | sed -n 's/^\(vmhba[0-9]*\)[[:space:]].*iscsi.*/\1/p'); do
    run esxcli swiscsi nic list -d "$adapter"
  done
}

# The interfaces of one stack, their tags, and what their port groups override.
stack() {
  option=
  [ "$1" = defaultTcpipStack ] || option="--netstack=$1"
  # An empty option must vanish: it holds no blank.
  run esxcli network ip interface list ${option:+"$option"}
  run esxcli network ip interface ipv4 get ${option:+"$option"}
  run esxcli network ip route ipv4 list ${option:+"$option"}
  interfaces=$(esxcli network ip interface list ${option:+"$option"} 2>/dev/null </dev/null)
  printf '%s\n' "$interfaces" | sed -n 's/^ *Name: *\(vmk[0-9]*\) *$/\1/p' | while read -r vmk; do
    run esxcli network ip interface tag get -i "$vmk"
  done
  printf '%s\n' "$interfaces" | sed -n -e '/^ *Portgroup: *N\/A *$/d' -e 's/^ *Portgroup: *//p' | sort -u |
    while IFS= read -r group; do
      [ -z "$group" ] || run esxcli network vswitch standard portgroup policy failover get -p "$group"
    done
}

esxi5() {
  run esxcli system version get
  run esxcli system hostname get
  run esxcli system uuid get
  run esxcli network ip netstack list
  stack defaultTcpipStack
  esxcli network ip netstack list 2>/dev/null </dev/null | sed -n 's/^ *Key: *\([A-Za-z0-9_.-]*\) *$/\1/p' |
    while read -r key; do
      [ "$key" = defaultTcpipStack ] || stack "$key"
    done
  run esxcli network vswitch standard list
  run esxcli network vswitch standard portgroup list
  esxcli network vswitch standard list 2>/dev/null </dev/null | sed -n 's/^ *Name: *//p' | while IFS= read -r switch; do
    run esxcli network vswitch standard policy failover get -v "$switch"
  done
  run esxcli network vswitch dvs vmware list
  run esxcli network nic list
  run esxcli iscsi software get
  run esxcli iscsi networkportal list
  run esxcli iscsi adapter discovery sendtarget list
  run esxcli iscsi adapter discovery statictarget list
  run esxcli storage nfs list
  run esxcli storage nfs41 list
  run esxcli network ip dns server list
  run esxcli network ip dns search list
  run esxcfg-vmknic -l
  run esxcfg-route -l
  show /etc/ntp.conf -n -e '/^[[:space:]]*server[[:space:]]/p'
}

prompt : esx2esxi-collect begin
run vmware -v
run hostname
case $(vmware -v 2>/dev/null </dev/null) in
  *'ESXi 4.'* | *' 3i '*)
    files
    listings
    bindings_of_4
    ;;
  *ESXi*) esxi5 ;;
  *)
    files
    listings
    console
    bindings_of_4
    ;;
esac
prompt : esx2esxi-collect end
