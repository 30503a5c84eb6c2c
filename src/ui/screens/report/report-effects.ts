import {messageOf} from '../../../protocol/errors.js'
import type {Action} from '../../core/action.js'
import type {ReportRequest} from '../../core/effect.js'
import type {ReportPort} from '../../ports/report-port.js'

interface ReportEffectsOptions {
  readonly port: ReportPort
  readonly dispatch: (action: Action) => void
}

/** Carries out what the Report screen asks for. */
export class ReportEffects {
  readonly #options: ReportEffectsOptions
  /** Of the entries that were listed last. */
  #limit = 0

  constructor(options: ReportEffectsOptions) {
    this.#options = options
  }

  carryOut(request: ReportRequest): void {
    this.#carryOut(request).catch((error: unknown) => this.#notice('bad', messageOf(error)))
  }

  async #carryOut(request: ReportRequest): Promise<void> {
    const {port, dispatch} = this.#options
    switch (request.type) {
      case 'list':
        await this.#list(request.limit)
        break
      case 'open': {
        const {entry} = request
        const title = entry.kind === 'run' ? `Run ${entry.number} ${entry.name}` : `Drill ${entry.name}`
        dispatch({type: 'report', event: {type: 'opened', title, report: await port.open(entry)}})
        break
      }
      case 'compare': {
        const {first, second} = request
        const report = await port.compare(first, second)
        const title = `A: run ${first.number}   B: run ${second.number}`
        dispatch({type: 'report', event: {type: 'opened', title, report}})
        break
      }
      case 'remove':
        await port.remove(request.path)
        await this.#list(this.#limit)
        this.#notice('ok', 'Deleted')
        break
      case 'export':
        this.#notice('ok', `Written: ${shortened(await port.export(request.entry))}`)
        break
    }
  }

  async #list(limit: number): Promise<void> {
    const {port, dispatch} = this.#options
    this.#limit = limit
    try {
      dispatch({type: 'report', event: {type: 'listed', ...(await port.list(limit))}})
    } catch (error) {
      dispatch({type: 'report', event: {type: 'unlisted', problem: messageOf(error)}})
    }
  }

  #notice(tone: 'ok' | 'bad', text: string): void {
    this.#options.dispatch({type: 'notice', notice: {tone, text}})
  }
}

/** Files that differ in their endings only: the whole path once. */
function shortened([first = '', ...others]: readonly string[]): string {
  return [first, ...others.map(file => file.slice(file.lastIndexOf('.')))].join(' and ')
}
