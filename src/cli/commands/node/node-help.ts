import type {PersonalityName} from '../../../server/embedded/node/node-settings.js'
import {personalities} from '../../../server/embedded/node/personality.js'

/** The lines that begin memcached's -h, of the versions that the node is compatible with. */
export function versionLines(version: string, like: PersonalityName = '1.4'): string {
  return `memcached ${personalities[like].version}\nrepcached 2.3.1\nrepbench node ${version}, compatible\n`
}

/** `repbench node -h`: in memcached's form, one option a line. */
export function nodeHelp(version: string, like: PersonalityName = '1.4'): string {
  return `${versionLines(version, like)}${options}\n${examples}`
}

const options = `\
-p <num>      TCP port number to listen on (default: 11211, -1 is any free
              one, 0 is none)
-U <num>      UDP port number: there is no UDP; 0 and the TCP port are taken
-s <file>     UNIX socket path to listen on (instead of a TCP port)
-a <mask>     access mask of the UNIX socket, in octal (default: 0700)
-l <addr>     interface to listen on (default: 127.0.0.1; 0.0.0.0 is all)
              <addr> may have a port: host:port or [ipv6]:port. Several
              addresses are separated by commas, or -l is given several
              times. The replication port is bound on the first of them
-A            allow the "shutdown" command
-d            run as a daemon
-r            accepted; the core file limit stays the shell's
-u <username> assume the identity of <username> (only when run as root)
-m <num>      max memory to use for items in megabytes (default: 64 MB)
-M            return an error when memory is exhausted (rather than removing items)
-c <num>      max simultaneous connections (default: 1024)
-k            accepted; memory is not locked
-v            verbose (errors, warnings and what happens on the link)
-vv           very verbose (also client commands and responses)
-vvv          accepted; like -vv
-h            print this help and exit
-i            print the license and exit
-V            print the versions and exit
-P <file>     save the process id in <file>
-f <factor>   chunk size growth factor (default: 1.25)
-n <bytes>    minimum space for key+value+flags (default: 48)
-L            accepted; large memory pages are the system's business
-D <char>     delimiter between key prefixes and ids, for "stats detail"
              (default: ":"); given, it also turns those counts on
-t <num>      accepted; one thread serves all clients
-R <num>      max requests of one connection before others get their turn
              (default: as many as one read of 64 KB holds)
-C            disable use of CAS
-b <num>      backlog of connections not yet accepted (default: 1024)
-B <name>     protocol: one of ascii, binary, or auto (default)
-I <size>     size of a slab page and so of the largest item
              (default: 1m, min: 1k, max: 128m)
-F            disable the flush_all command
-W            disable the watch command
--disable-dumping
              disable the commands that list keys
-Y <file>     clients have to say who they are, in the text protocol; a line
              user:password for each user
-e <file>     keep the items here when stopped by SIGUSR1 or by "shutdown
              graceful", and begin with them
-o <options>  maxconns_fast: close new connections above -c at once
              hashpower=<num>: log2 of the hash table's first size
              idle_timeout=<num>: close clients that say nothing for so long,
              in seconds (default: 0, never)
              slab_reassign: memory pages may change their slab class
              slab_automove: pages that a class does not need become spare
              no_lru_maintainer: expired items go when they are met, or by
              "lru_crawler crawl"; no_lru_crawler: only when they are met
              watcher_logbuf_size=<num>: kilobytes that a watcher may leave
              unread before it misses lines (default: 256)
              modern, no_modern: the defaults of memcached 1.6, and of 1.4.
              The others of 1.4 and 1.6 are taken without an effect
--like <ver>  1.4 or 1.6: whose answers, "stats" and defaults the node has
              where the two contradict each other (default: 1.4)
-x <ip_addr>  hostname or IP address of peer repcached
-X <num>      TCP port number for replication (default: 11212)
              <listen>:<connect> if the peer's number is another one
-q <num>      max changes queued for the peer (default: 8192)
--resilient   find the peer again after an outage, and bring both nodes
              up to date; without it a node dials once, as repcached does
--peers <addr>,<addr>
              take only these for a peer on the replication port
--like-repcached
              as the C program: listen on all addresses, and take whoever
              connects to the replication port for the peer, even one that
              says nothing, as repcached's own nodes do
--no-replication
              a plain memcached: no replication port
--debug-commands
              allow "debugtime", which moves the node's clock

Options that are letters have memcached 1.6's long names, too: --port,
--unix-socket, --listen, --memory-limit, --conn-limit, --threads …
`

const examples = `\
A pair on one host:
  repbench node -v -l 127.0.0.1 -p 11211 -x 127.0.0.1 -X 11212
  repbench node -v -l 127.0.0.1 -p 11213 -x 127.0.0.1 -X 11212
`
