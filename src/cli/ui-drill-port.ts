import type {DrillPort, UiDrill} from '../ui/drill-port.js'
import type {UiDrillOptions} from './ui-drill.js'

/** The drills as the UI sees them; the engine is loaded when one is asked for. */
export function createDrillPort(
  services: Pick<UiDrillOptions, 'context' | 'probes'>,
): DrillPort & {close(): Promise<void>} {
  const {env} = services.context
  let running: UiDrill | undefined
  return {
    async list() {
      const [{drills}, {whyNotAttached}, {drillForm}] = await Promise.all([
        import('../engine/drills/registry.js'),
        import('../engine/drills/drill-places.js'),
        import('./drill/drill-form.js'),
      ])
      return drills.map(drill => ({
        name: drill.name,
        summary: drill.summary,
        budgets: drill.budgets,
        form: drillForm(drill),
        sparesNodes: whyNotAttached(drill) === null,
      }))
    },
    start(options) {
      const stopping = new AbortController()
      const run = async () => {
        const {drillFromUi} = await import('./ui-drill.js')
        return drillFromUi({...options, ...services, signal: stopping.signal})
      }
      running = {stop: () => stopping.abort(), finished: run()}
      return running
    },
    async past() {
      const {listDrills} = await import('./drill/past-drills.js')
      return listDrills(env)
    },
    async open(path) {
      const {readDrillReport} = await import('./drill/past-drills.js')
      return readDrillReport(path)
    },
    /** Ends a drill under way, with its nodes. */
    async close() {
      running?.stop()
      await running?.finished.catch(() => {})
    },
  }
}
