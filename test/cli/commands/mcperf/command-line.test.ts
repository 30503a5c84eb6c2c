import {expect, test} from 'vitest'
import {defaultRequest} from '../../../../src/cli/commands/mcperf/mcperf-options.js'
import {readMcperfCommandLine} from '../../../../src/cli/commands/mcperf/read-command-line.js'

const read = (line: string) => readMcperfCommandLine(line.split(' ').filter(word => word !== ''))

test('without options everything is as mcperf has it', () => {
  expect(read('')).toEqual(defaultRequest())
  expect(defaultRequest()).toMatchObject({
    server: 'localhost',
    port: 11211,
    method: 'set',
    prefix: 'mcp:',
    verbosity: 5,
  })
})

test('takes every option, short and long', () => {
  const short = read(
    '-v 7 -o log -s host -p 1 -H -t 2.5 -l 0 -b 1 -B 2 -D -m get -e 60 -q -P k: -c 2/3 -n 4 -N 5 -r 10 -R e0.5 -z u1,2',
  )
  const long = read(
    '--verbosity=7 --output=log --server=host --port=1 --print-histogram --timeout=2.5 --linger=0 --send-buffer=1 ' +
      '--recv-buffer=2 --disable-nodelay --method=get --expiry=60 --use-noreply --prefix=k: --client=2/3 --num-conns=4 ' +
      '--num-calls=5 --conn-rate=10 --call-rate=e0.5 --sizes=u1,2',
  )
  expect(long).toEqual(short)
  expect(short).toEqual({
    help: false,
    version: false,
    verbosity: 7,
    output: 'log',
    server: 'host',
    port: 1,
    printHistogram: true,
    timeoutSeconds: 2.5,
    lingerSeconds: 0,
    bufferOptions: ['-b', '-B'],
    noDelay: false,
    method: 'get',
    expirySeconds: 60,
    noreply: true,
    prefix: 'k:',
    client: 2,
    connections: 4,
    calls: 5,
    connectionInterval: {kind: 'deterministic', value: 0.1},
    callInterval: {kind: 'exponential', mean: 0.5},
    sizes: {kind: 'uniform', min: 1, max: 2},
    mcperfExit: false,
  })
})

test('takes all of getopt’s forms', () => {
  expect(read('-HDqn3 -N4')).toMatchObject({
    printHistogram: true,
    noDelay: false,
    noreply: true,
    connections: 3,
    calls: 4,
  })
  expect(read('--serv h --num-con 2 word --print')).toMatchObject({server: 'h', connections: 2, printHistogram: true})
  expect(read('-n 1 -n 2')).toMatchObject({connections: 2})
  expect(read('-n 3 -- -n 4')).toMatchObject({connections: 3})
  expect(read('--verb 3')).toMatchObject({verbosity: 3})
  expect(read('-v 99')).toMatchObject({verbosity: 11})
})

/** What the real mcperf 0.1.1 says. */
test.each([
  ['-p 0', 'option -p value 0 is not a valid port'],
  ['-p 65536', 'option -p value 65536 is not a valid port'],
  ['-p abc', 'option -p requires a number'],
  ['-p', 'option -p requires a number'],
  ['-n -1', 'option -n requires a number'],
  ['-n 4294967295', 'option -n requires a number'],
  ['-N 1x', 'option -N requires a number'],
  ['-t', 'option -t requires a real number'],
  ['-t x', 'option -T requires a real number'],
  ['-s', 'option -s requires a string'],
  ['-o', 'option -o requires a file name'],
  ['-r', 'option -r requires a distribution'],
  ['--num-conns', 'option -n requires a number'],
  ['-z 0', 'invalid distribution type 0 for item sizes'],
  ['-z q', "invalid distribution value 'q'"],
  ['-r -1', "invalid distribution value '-1'"],
  ['-z d0', "invalid mean value '0'"],
  ['-z d-1', "invalid mean value '-1'"],
  ['-z u5', "invalid uniform distribution value '5'"],
  ['-z ux,5', "invalid minimum value 'x'"],
  ['-z u5,', "invalid maximum value ''"],
  ['-z u5,1', "maximum value '1' should be greater than or equal to minium value '5'"],
  ['-r u2000000,0.00001', "maximum value '1e-05' should be greater than or equal to minium value '2e+06'"],
  ['-P 12345678901234567', 'key prefix cannot exceed 16 in length'],
  ['-c 1', "invalid client id format '1'"],
  ['-c a/1', "client id is not a number 'a'"],
  ['-c 1/b', "number of clients is not a number 'b'"],
  [
    '-m put',
    "'put' is an invalid method; valid methods are get, gets, delete, cas, set, add, replace, prepend, incr and decr",
  ],
  ['-x', "invalid option -- 'x'"],
  ['--help=3', "invalid option -- 'h'"],
])('refuses in mcperf’s words: %s', (line, message) => {
  expect(() => read(line)).toThrow(message)
})

/** mcperf prints a NUL where the name should be. */
test.each([
  ['--nothing', "invalid option -- 'nothing'"],
  ['--num=1', "invalid option -- 'num'"],
])('names the long option that it does not know: %s', (line, message) => {
  expect(() => read(line)).toThrow(message)
})
