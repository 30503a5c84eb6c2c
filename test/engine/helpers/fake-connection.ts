import type {Connection, ConnectionState} from '../../../src/engine/loop/connection.js'
import {Outages} from '../../../src/engine/measure/outages.js'
import {PendingCalls} from '../../../src/engine/measure/pending-calls.js'
import {type CallSchedule, scheduleOfShare} from '../../../src/engine/workload/call-schedule.js'
import type {Address} from '../../../src/protocol/address.js'

/** A connection without a socket: a test says what becomes of it, and sees what it was told. */
export class FakeConnection {
  readonly slot: number
  readonly index: number
  readonly pending = new PendingCalls()
  readonly outages = new Outages()
  schedule: CallSchedule
  state: ConnectionState = 'new'
  openings = 0
  queued = false
  unconfirmed = false
  backedUp = false
  anchorMs = 0
  connectingSinceMs = 0
  writableSinceMs = 0
  /** Every call of a method that changes it, with what it was told. */
  readonly told: string[] = []
  readonly targets: Address[] = []
  readonly written: string[] = []
  /** Whether the socket takes what is written at once. */
  takesAll = true

  constructor({
    slot = 0,
    index = slot,
    schedule = scheduleOfShare(1000),
  }: Partial<Pick<Connection, 'slot' | 'index' | 'schedule'>> = {}) {
    this.slot = slot
    this.index = index
    this.schedule = schedule
  }

  get alive(): boolean {
    return this.state === 'open' || this.state === 'draining'
  }

  get dueMs(): number {
    return this.anchorMs + this.schedule.nextMs
  }

  /** As those see it who take a real one. */
  get real(): Connection {
    return this as unknown as Connection
  }

  wait(): void {
    this.state = 'waiting'
    this.told.push('wait')
  }

  open({target}: {target: Address}): void {
    this.state = 'connecting'
    this.targets.push(target)
    this.told.push(`open ${target.port}`)
  }

  connected(): void {
    this.state = 'open'
    this.openings++
  }

  drain(): void {
    this.state = 'draining'
    this.told.push('drain')
  }

  leave(): void {
    this.state = 'waiting'
    this.told.push('leave')
  }

  close(): void {
    this.state = 'closed'
    this.told.push('close')
  }

  fail(failure: string): void {
    this.state = 'closed'
    this.told.push(`fail ${failure}`)
  }

  write(bytes: Buffer): boolean {
    this.written.push(bytes.toString('latin1'))
    return this.takesAll
  }

  lastLine(): string {
    return ''
  }
}
