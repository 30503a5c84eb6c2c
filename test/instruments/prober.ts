import net from 'node:net'

interface Place {
  readonly host: string
  readonly port: number
}

interface ProberPolicy {
  /** Of a call. */
  readonly timeoutMs: number
  /** Further attempts at the same node, so far apart, before it tries the other one. */
  readonly retries: number
  readonly retryDelayMs: number
  /** Before it tries the other one. */
  readonly switchDelayMs: number
}

const ANSWER = 'END\r\n'

/**
 * An instrument: a client beside a drill that asks for a missing key by the
 * clock, whatever is under way, and writes down when answers came. It shares no
 * code with what it measures; it goes to the other node and stays there.
 */
export class Prober {
  readonly #nodes: readonly [Place, Place]
  readonly #policy: ProberPolicy
  readonly #timer: NodeJS.Timeout
  /** When answers came, on performance.now(). */
  readonly #answersMs: number[] = []
  /** When connections failed, and how. */
  readonly failures: {readonly atMs: number; readonly how: string}[] = []
  /** The longest time by which its own clock was late: a machine that is busy elsewhere. */
  lateMs = 0
  #calledMs = performance.now()
  #at = 0
  #attemptsLeft: number
  #socket: net.Socket | undefined
  #retry: NodeJS.Timeout | undefined
  #underWay: NodeJS.Timeout[] = []
  #text = ''
  #ended = false

  constructor(nodes: readonly [Place, Place], {everyMs, ...policy}: ProberPolicy & {readonly everyMs: number}) {
    this.#nodes = nodes
    this.#policy = policy
    this.#attemptsLeft = policy.retries
    this.#connect()
    this.#timer = setInterval(() => {
      const nowMs = performance.now()
      this.lateMs = Math.max(this.lateMs, nowMs - this.#calledMs - everyMs)
      this.#calledMs = nowMs
      this.#call()
    }, everyMs)
  }

  /** From a moment to the end of the longest time without an answer that has begun soon after it. */
  unservedMs(sinceMs: number, soonMs = 200): number {
    let longest = {fromMs: sinceMs, toMs: sinceMs}
    let fromMs = this.#answersMs.findLast(atMs => atMs <= sinceMs) ?? sinceMs
    for (const toMs of this.#answersMs.filter(atMs => atMs > sinceMs)) {
      if (fromMs > sinceMs + soonMs) break
      if (toMs - fromMs > longest.toMs - longest.fromMs) longest = {fromMs, toMs}
      fromMs = toMs
    }
    return longest.toMs - sinceMs
  }

  stop(): void {
    this.#ended = true
    clearInterval(this.#timer)
    clearTimeout(this.#retry)
    this.#drop()
  }

  #connect(): void {
    const socket = net.connect({...this.#nodes[this.#at]!, noDelay: true})
    this.#socket = socket
    this.#text = ''
    const opening = setTimeout(() => this.#fail(socket, 'time-out'), this.#policy.timeoutMs)
    this.#underWay.push(opening)
    socket.on('connect', () => {
      this.#settle()
      this.#call()
    })
    socket.on('data', bytes => this.#read(bytes.toString('latin1')))
    socket.on('error', error => this.#fail(socket, (error as NodeJS.ErrnoException).code ?? error.message))
    socket.on('close', () => this.#fail(socket, 'closed'))
  }

  #call(): void {
    const socket = this.#socket
    if (socket === undefined || socket.readyState !== 'open') return
    socket.write('get nobody:wrote:this\r\n')
    this.#underWay.push(setTimeout(() => this.#fail(socket, 'time-out'), this.#policy.timeoutMs))
  }

  #read(text: string): void {
    this.#text += text
    while (this.#text.startsWith(ANSWER)) {
      this.#text = this.#text.slice(ANSWER.length)
      this.#answersMs.push(performance.now())
      this.#settle()
      this.#attemptsLeft = this.#policy.retries
    }
  }

  #settle(): void {
    clearTimeout(this.#underWay.shift())
  }

  #fail(socket: net.Socket, how: string): void {
    if (socket !== this.#socket || this.#ended) return
    this.failures.push({atMs: performance.now(), how})
    this.#drop()
    const {retries, retryDelayMs, switchDelayMs} = this.#policy
    const again = this.#attemptsLeft > 0
    if (again) this.#attemptsLeft--
    else {
      this.#at = 1 - this.#at
      this.#attemptsLeft = retries
    }
    this.#retry = setTimeout(() => this.#connect(), again ? retryDelayMs : switchDelayMs)
  }

  #drop(): void {
    for (const timer of this.#underWay) clearTimeout(timer)
    this.#underWay = []
    const socket = this.#socket
    this.#socket = undefined
    socket?.destroy()
  }
}
