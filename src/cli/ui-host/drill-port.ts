import type {DrillPort, UiDrill} from '../../ui/ports/drill-port.js'
import type {DrillServices} from './run-drill.js'

/** The drills as the UI sees them; the engine is loaded when one is asked for. */
export function createDrillPort(
  services: Pick<DrillServices, 'context' | 'probes'>,
): DrillPort & {close(): Promise<void>} {
  const {env} = services.context
  let running: UiDrill | undefined
  return {
    async list() {
      const [{drills}, {whyNotAttached}, {drillForm}] = await Promise.all([
        import('../../engine/drills/each/registry.js'),
        import('../../engine/drills/contract/drill-targets.js'),
        import('../drill-settings/drill-form.js'),
      ])
      return drills.map(drill => ({
        name: drill.name,
        summary: drill.summary,
        assertions: drill.assertions,
        form: drillForm(drill),
        sparesNodes: whyNotAttached(drill) === null,
      }))
    },
    start(request) {
      const stopping = new AbortController()
      const run = async () => {
        const {drillFromUi} = await import('./run-drill.js')
        return drillFromUi(request, {...services, signal: stopping.signal})
      }
      running = {stop: () => stopping.abort(), finished: run()}
      return running
    },
    async past() {
      const {listDrills} = await import('../history/past-drills.js')
      return listDrills(env)
    },
    async open(path) {
      const {readDrillReport} = await import('../history/past-drills.js')
      return readDrillReport(path)
    },
    /** Ends a drill under way, with its nodes. */
    async close() {
      running?.stop()
      await running?.finished.catch(() => {})
    },
  }
}
