import {expect, test} from 'vitest'
import {FailoverSurvey} from '../../../src/engine/drills/failover-survey.js'
import {Failovers} from '../../../src/engine/drills/failovers.js'
import {AckTimes} from '../../../src/engine/verify/ack-times.js'
import {FailoverLog} from '../../../src/engine/verify/failover-log.js'
import {LostWrites} from '../../../src/engine/verify/lost-writes.js'
import {makeFiller} from '../../../src/engine/verify/value-format.js'
import {VersionLedger} from '../../../src/engine/verify/version-ledger.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {waitFor} from '../../helpers/wait-for.js'

test('asks for no key of a server that the clients have come back to as they left it', async () => {
  const {address} = await startEmbedded()
  const log = new FailoverLog(FailoverLog.allocate())
  const acks = new AckTimes(AckTimes.allocate(10))
  const lost = new LostWrites(LostWrites.allocate())
  const failovers = new Failovers({log, acks, lost, connections: 1})
  const ledger = new VersionLedger(VersionLedger.allocate(10))
  ledger.nextVersion(1, false)
  const survey = new FailoverSurvey({
    failovers,
    targets: [address, address],
    format: {keyPrefix: 'drill:', runId: 1, filler: makeFiller(100)},
    ledger,
  })
  acks.note(1, 1, 9900, false)
  log.switched({connection: 0, from: 1, to: 1, riskFromMs: 0, atMs: 10_000})
  failovers.collect()
  log.switched({connection: 0, from: 1, to: 0, riskFromMs: 0, atMs: 20_000})
  failovers.collect()
  survey.look(({from, to}) => from !== to)
  const [same, other] = failovers.all
  await waitFor(() => expect(other!.keys.get(1)).toMatchObject({held: 0, isAbsent: true}))
  await survey.stop()
  expect(same!.keys.get(1)).toMatchObject({held: null})
})
