import type {NodeEventKind} from './node-event.js'

/** How urgent an event is. */
type EventWeight = 'info' | 'warning' | 'alarm'

export interface EventAdvice {
  readonly weight: EventWeight
  /** For people who have not read the node's source. */
  readonly meaning: string
  /** What to do; null when there is nothing to do. */
  readonly advice: string | null
  /** The log line that tells it, where one does. */
  readonly logLine?: string
}

/** Meaning of every kind of event, and what to do. docs/node-events.md is made from it. */
export const eventAdvice: Readonly<Record<NodeEventKind, EventAdvice>> = {
  started: {weight: 'info', meaning: 'Its process runs; it does not serve clients yet.', advice: null},
  ready: {weight: 'info', meaning: 'Its client port answers.', advice: null},
  killed: {
    weight: 'warning',
    meaning: 'repbench killed it (SIGKILL), as the operator or a drill asked. What it had not sent yet is lost.',
    advice: null,
  },
  stopped: {weight: 'info', meaning: 'repbench stopped it (SIGTERM).', advice: null},
  crashed: {
    weight: 'alarm',
    meaning:
      'Its process ended, and repbench did not end it. Its data is gone; the other node of a pair goes on serving.',
    advice:
      'Read its last log lines. SIGKILL: kill -9, or the system ran out of memory (dmesg, journalctl -k). ' +
      'SIGSEGV of a repcached: it executed a value as commands (flags of 2147483648 or more, or a value it could not store). ' +
      'Started again, it connects to its peer and gets a full sync.',
  },
  paused: {
    weight: 'warning',
    meaning: 'It is frozen (SIGSTOP): its port accepts connections, but it answers nothing. Its peer notices nothing.',
    advice: 'Thaw it before the queue of its peer is full: then the link drops, and the two nodes diverge.',
  },
  resumed: {
    weight: 'info',
    meaning: 'It runs again (SIGCONT) and catches up, unless the link was dropped meanwhile.',
    advice: null,
  },
  reachable: {weight: 'info', meaning: 'The server answers again.', advice: null},
  unreachable: {
    weight: 'alarm',
    meaning: 'The server no longer answers. repbench did not start it and cannot know why.',
    advice: 'Check on its host whether its process runs (ps), and whether the network lets you through.',
  },
  dialling: {
    weight: 'info',
    meaning: 'It connects to its peer: once, at its start, and never again.',
    advice: null,
    logLine: 'replication: connect (peer=…)',
  },
  dialFailed: {
    weight: 'info',
    meaning: 'No peer answered. The first node of a pair always reports this.',
    advice:
      'If its peer runs: they are not paired, and will not pair by themselves. Restart the node whose data may go: it gets a full sync.',
    logLine: 'replication: close (before start)',
  },
  linkUp: {
    weight: 'info',
    meaning: 'The nodes are linked: from now on writes on either cross.',
    advice: null,
    logLine: 'replication: accept, replication: start',
  },
  fullSyncStarted: {
    weight: 'info',
    meaning: 'The slave receives all keys. Its client port stays closed until then.',
    advice: null,
    logLine: 'replication: marugoto start',
  },
  fullSyncDone: {
    weight: 'info',
    meaning: 'The slave has a full sync of its master.',
    advice: null,
    logLine: 'replication: marugoto owari',
  },
  linkLost: {
    weight: 'alarm',
    meaning: 'The link is gone. The nodes that run go on serving clients, but no write crosses.',
    advice:
      'Neither node reconnects. Restart the stale one: it connects and gets a full sync. ' +
      'Restarting the complete one makes it copy the stale one.',
    logLine: 'replication: close',
  },
  listening: {
    weight: 'info',
    meaning: 'It is alone and waits on its replication port for a peer.',
    advice: 'Start (or restart) the other node: a node connects only when it starts.',
    logLine: 'replication: listen',
  },
  overflow: {
    weight: 'alarm',
    meaning:
      'Writes came faster than the link could send them: the queue filled up, and the link was dropped with all that it held. ' +
      'Both nodes go on answering STORED, and now differ.',
    advice:
      'Restart the stale node, the one that did not take the writes: it gets a full sync. ' +
      'To prevent it: a longer queue (--queue 65536, that is -q), or writes in smaller bursts.',
    logLine: "replication: can't create Q_ITEM",
  },
  bindFailed: {
    weight: 'alarm',
    meaning:
      'It cannot listen on its replication port: another process does. It serves clients, but no peer can pair with it.',
    advice:
      'It does not try again. See who has the port (repbench doctor). If its own partner has it (both share one address ' +
      'and one -X), restart this node: it connects to the partner and takes its data, so save what only this one has. ' +
      'Two addresses avoid it: -l 127.0.0.1 -x 127.0.0.2 and the reverse.',
    logLine: 'replication: failed to initialize replication server socket',
  },
  sendError: {
    weight: 'alarm',
    meaning: 'The connection to its peer broke while it was sending (104: reset by the peer). What was queued is lost.',
    advice: 'As after a lost link: restart the stale node.',
    logLine: 'replication: send error N',
  },
  linkFault: {
    weight: 'warning',
    meaning: 'A fault on the link that does not end it at once.',
    advice: 'Compare the nodes (repbench diff); restart the stale one if they differ.',
    logLine: 'replication: already connected, accept error, pop error, pipe write error, got unknown command …',
  },
  outOfMemory: {
    weight: 'alarm',
    meaning: 'It asked the system for memory and got none; what it was doing has failed.',
    advice:
      'Lower its limit (--memory, that is -m) or give the machine more memory; connections need memory on top of -m.',
    logLine: '… malloc error, Failed to allocate memory …, heap out of memory',
  },
  tooManyConnections: {
    weight: 'warning',
    meaning: 'It has as many connections as it may have: the next client waits or is refused, and so is its peer.',
    advice: 'Allow more (--max-conns, that is -c, and ulimit -n), or find out who keeps them open.',
    logLine: 'Too many open connections',
  },
  thirdProcess: {
    weight: 'alarm',
    meaning:
      'A process that is not of the pair has the pair’s replication port. Clients notice nothing yet, but when the link ends, ' +
      'the survivor cannot listen there, and a restarted node pairs with the third process and takes its data.',
    advice:
      'Stop the third process while the link is up; later, also restart the orphaned node. A -X of its own for each pair avoids it.',
  },
  diverging: {
    weight: 'alarm',
    meaning:
      'Both nodes serve clients, and no write crosses: they diverge, and no client notices. ' +
      'Seen by probe writes, by what the nodes say of their link, or both.',
    advice:
      'Now, before they differ more: send all writes to one node and restart the other (the stale one): it connects and gets a full sync.',
  },
  alone: {
    weight: 'alarm',
    meaning:
      'One node of the pair does not answer, and the other has noticed: it serves alone, and nothing replicates.',
    advice:
      'Start the other one again: it connects and gets a full sync. If the survivor is orphaned, restart that one first.',
  },
  unproven: {
    weight: 'alarm',
    meaning:
      'It is unknown whether writes cross: a node does not answer, though the other still holds its link to it, or no probe write ' +
      'can be made. What the nodes say of their link is no proof.',
    advice:
      'Check whether the process of the silent node runs or is stopped (ps: state T), and whether it takes writes. ' +
      'Thaw a frozen node before the queue of its peer is full.',
  },
  parting: {
    weight: 'alarm',
    meaning:
      'The link is up, writes of repbench cross both ways, and yet the nodes differ: keys were read on both, ' +
      'and again after all writes under way had arrived. A client that goes to the other node gets other answers.',
    advice:
      'See what differs: repbench diff A B; and why: repbench verify --known-faults. Usual causes: writes by the ' +
      'binary protocol, which repcached does not replicate; a node with less memory, or a smaller -I; a clock that is off.',
  },
  replicating: {
    weight: 'warning',
    meaning: 'Writes cross again. Keys that were written meanwhile may still differ unless a full sync was made.',
    advice: 'Compare the nodes: repbench diff.',
  },
}
