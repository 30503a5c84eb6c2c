import type {CliContext} from '../app/context.js'
import {describeAlarm, isAlarming} from '../documents/phrases/alarm.js'
import {ProgressLine} from '../documents/text/run-progress.js'
import {lagOnOwnThread} from '../probe-thread/lag-on-thread.js'
import type {LoadHost} from './run-load-rounds.js'

/** The command line as the host of a load: progress and warnings go to stderr. */
export function commandHost(context: CliContext): LoadHost {
  const {shutdown, stderr} = context
  return {
    context,
    signal: shutdown.signal,
    startLagProbe: lagOnOwnThread,
    spell: option => `--${option}`,
    startRound({round, of}) {
      if (of > 1) stderr.write(`run ${round} of ${of}\n`)
      const progress = new ProgressLine(stderr)
      return {
        onSnapshot: snapshot => progress.show(snapshot),
        // A link that is lost is no reason to wait for the report.
        onEvent: event => {
          if (isAlarming(event)) progress.say(`warning  ${describeAlarm(event)}`)
        },
        onEnd: () => progress.clear(),
      }
    },
  }
}
