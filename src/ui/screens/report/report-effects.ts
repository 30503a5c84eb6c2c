import {messageOf} from '../../../protocol/errors.js'
import type {ScreenEffects, Services} from '../../core/screen.js'
import type {ReportRequest} from './state/report-state.js'

/** Carries out the requests of the Report screen. */
export class ReportEffects implements ScreenEffects<'report'> {
  readonly #services: Services
  /** Of the entries that were listed last. */
  #limit = 0

  constructor(services: Services) {
    this.#services = services
  }

  carryOut(request: ReportRequest): void {
    this.#carryOut(request).catch((error: unknown) => this.#notice('bad', messageOf(error)))
  }

  async #carryOut(request: ReportRequest): Promise<void> {
    const {ports, dispatch} = this.#services
    switch (request.type) {
      case 'list':
        await this.#list(request.limit)
        break
      case 'open': {
        const {entry} = request
        const title = entry.kind === 'run' ? `Run ${entry.number} ${entry.name}` : `Drill ${entry.name}`
        dispatch({type: 'report', event: {type: 'opened', title, report: await ports.reports.open(entry)}})
        break
      }
      case 'compare': {
        const {first, second} = request
        const report = await ports.reports.compare(first, second)
        const title = `A: run ${first.number}   B: run ${second.number}`
        dispatch({type: 'report', event: {type: 'opened', title, report}})
        break
      }
      case 'remove':
        await ports.reports.remove(request.path)
        await this.#list(this.#limit)
        this.#notice('ok', 'Deleted')
        break
      case 'export':
        this.#notice('ok', `Written: ${shortened(await ports.reports.export(request.entry))}`)
        break
    }
  }

  async #list(limit: number): Promise<void> {
    const {ports, dispatch} = this.#services
    this.#limit = limit
    try {
      dispatch({type: 'report', event: {type: 'listed', ...(await ports.reports.list(limit))}})
    } catch (error) {
      dispatch({type: 'report', event: {type: 'unlisted', problem: messageOf(error)}})
    }
  }

  #notice(tone: 'ok' | 'bad', text: string): void {
    this.#services.dispatch({type: 'notice', notice: {tone, text}})
  }
}

/** Files that differ in their endings only: the whole path once. */
function shortened([first = '', ...others]: readonly string[]): string {
  return [first, ...others.map(file => file.slice(file.lastIndexOf('.')))].join(' and ')
}
