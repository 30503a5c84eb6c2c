import {type Mock, vi} from 'vitest'
import type {Action} from '../../../src/ui/core/action.js'
import type {Services} from '../../../src/ui/core/screen.js'
import type {UiPorts} from '../../../src/ui/ports/ui-ports.js'

/** A method that nobody has given an answer to: calling it fails the test by its name. */
function unexpected(name: string): Mock {
  return vi.fn(() => {
    throw new Error(`Expected no call of ${name}`)
  })
}

/** Ports of which only those given may be called. */
function fakePorts(given: Partial<UiPorts> = {}): UiPorts {
  return new Proxy(given, {
    get: (ports, name) => Reflect.get(ports, name) ?? unexpected(`ports.${String(name)}`),
  }) as UiPorts
}

/** What effects are made with: the given ports, and a sampler and a state that only listen. */
export function fakeServices(given: Partial<UiPorts> = {}) {
  const actions: Action[] = []
  const log: string[] = []
  const sampler = {
    addSnapshot: vi.fn<Services['sampler']['addSnapshot']>(),
    addDrillStep: vi.fn<Services['sampler']['addDrillStep']>(),
    addDrillSnapshot: vi.fn<Services['sampler']['addDrillSnapshot']>(),
    watchLog: vi.fn<Services['sampler']['watchLog']>(),
    tick: vi.fn<Services['sampler']['tick']>(() => {
      log.push('tick')
    }),
  }
  const dispatch = (action: Action) => {
    actions.push(action)
    log.push('event' in action ? `${action.type} ${action.event.type}` : action.type)
  }
  return {services: {ports: fakePorts(given), sampler, dispatch}, actions, sampler, log}
}

/** Lets promises that are settled already be heard. */
export async function settled(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}
