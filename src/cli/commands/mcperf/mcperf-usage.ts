/** What mcperf of the same options calls itself; scripts look for it. */
const MCPERF_VERSION = '0.1.1'

/** `--version`, and the first lines of `--help`. */
export function mcperfVersion(version: string): string {
  return `This is mcperf-${MCPERF_VERSION}, compatible: repbench ${version}\n\n`
}

/** `--help`, and what follows the refusal of a command line. */
export const mcperfUsage = `\
Usage: mcperf [-?hV] [-v verbosity level] [-o output file]
              [-s server] [-p port] [-H] [-t timeout] [-l linger]
              [-b send-buffer] [-B recv-buffer] [-D]
              [-m method] [-e expiry] [-q] [-P prefix]
              [-c client] [-n num-conns] [-N num-calls]
              [-r conn-rate] [-R call-rate] [-z sizes]

Options:
  -h, -?, --help        : this text
  -V, --version         : the version
  -v, --verbosity=N     : what the log tells, 0 to 11 (default: 5)
  -o, --output=FILE     : the log's file (default: stderr); the report goes to stderr
  -s, --server=S        : host name, address or, beginning with /, unix socket (default: localhost)
  -p, --port=N          : port (default: 11211)
  -H, --print-histogram : add a histogram of the response times
  -t, --timeout=X       : seconds for connecting and for a reply (default: 0.0, no limit)
  -l, --linger=N        : 0 resets connections at their end; others close as usual (default: off)
  -b, --send-buffer=N   : accepted; the system chooses the size
  -B, --recv-buffer=N   : accepted; the system chooses the size
  -D, --disable-nodelay : leave Nagle's algorithm on
  -m, --method=M        : get gets delete cas set add replace append prepend incr decr (default: set)
  -e, --expiry=N        : exptime of what is stored, in seconds (default: 0)
  -q, --use-noreply     : ask for no replies, where the method can
  -P, --prefix=S        : start of every key, 16 bytes at most (default: mcp:)
  -c, --client=I/N      : I seeds the draws of rates and sizes (default: 0/1)
  -n, --num-conns=N     : connections (default: 1)
  -N, --num-calls=N     : calls on each connection (default: 1)
  -r, --conn-rate=R     : connections per second (default: 0)
  -R, --call-rate=R     : calls per second on each connection (default: 0)
  -z, --sizes=R         : bytes of a value, amount of incr and decr (default: d1)
  --mcperf-exit         : exit with 0 also after errors, as mcperf does
Where R is one of:
  X       a rate: one every 1/X seconds; 0: when the one before it is complete
          (of sizes: 1/X bytes, that is none; write dX)
  dX      X seconds from one to the next, or X bytes
  eX      exponentially distributed, mean X
  uA,B    uniformly distributed from A to B

Examples:
  repbench mcperf --server=127.0.0.1 --num-conns=50 --conn-rate=1000 --num-calls=10000 --sizes=d32
  repbench mcperf --linger=0 --timeout=5 --conn-rate=1000 --call-rate=1000 --num-calls=10 --num-conns=100 --sizes=u1,16
`
