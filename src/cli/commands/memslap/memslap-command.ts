import {Option} from 'commander'
import type {RegisterCommand} from '../../app/context.js'
import {readInteger} from '../../options/option-readers.js'
import {memslapTests} from './memslap-tests.js'
import type {MemslapOptions} from './run-memslap.js'

const readConcurrency = (text: string) => readInteger({text, what: 'a number of clients', min: 0, max: 10_000})
const readNumber = (text: string) => readInteger({text, what: 'a number of keys', min: 1, max: 100_000_000})

export const registerMemslap: RegisterCommand = (program, context) => {
  program
    .command('memslap')
    .summary('run a load with memcslap’s options and output')
    .description('memcslap’s tests: a number of clients, each of which sets or gets every key once.')
    .option('-s, --servers <list>', 'HOST:PORT,…; else MEMCACHED_SERVERS of the environment')
    .addOption(new Option('-t, --test <name>', 'what each client does').choices(memslapTests).default('set'))
    .option('-c, --concurrency <N>', 'clients, each with a connection to every server', readConcurrency, 1)
    .option('-e, --execute-number <N>', 'keys', readNumber, 10_000)
    .option('-l, --initial-load <N>', 'accepted; get and mget store as many keys as they ask for', readNumber)
    .option('-F, --flush', 'flush_all on every server at first')
    .option('-R, --noreply', 'set without replies')
    .option('-q, --quiet', 'print nothing')
    .option('-v, --verbose', 'say what happens')
    .option('-d, --debug', 'accepted; like --verbose')
    .option('-B, --buffer', 'accepted; requests are written together where that does not delay them')
    .option('-n, --non-blocking', 'accepted; always so')
    .option('-N, --tcp-nodelay', 'accepted; always so')
    .option('-H, --hash <name>', 'accepted; servers share the keys evenly')
    .addOption(new Option('-b, --binary', 'not offered: says so'))
    .addOption(new Option('-U, --udp', 'not offered: says so'))
    .addOption(new Option('-u, --username <name>', 'SASL, not offered: says so'))
    .addOption(new Option('-p, --password <text>', 'SASL, not offered: says so'))
    .addHelpText('after', examples)
    .action(
      context.action(async (options: MemslapOptions) => {
        // The engine's libraries are loaded when a load is wanted.
        const {runMemslapCommand} = await import('./run-memslap.js')
        return await runMemslapCommand(options, context)
      }),
    )
}

const examples = `
Examples:
  repbench memslap --servers 127.0.0.1:11211 --test=set --concurrency=50 --execute-number=10000
  repbench memslap --servers 127.0.0.1:11211 --test=mget --concurrency=4 --flush

Exit status: 0 all went well, 1 calls failed or missed, 2 wrong options, 130 interrupted.`
