import type {NodeEventKind} from './node-event.js'

/** How much an event asks for attention. */
type EventWeight = 'info' | 'warning' | 'alarm'

export interface EventAdvice {
  readonly weight: EventWeight
  /** In plain words, for one who has not read the node's source. */
  readonly meaning: string
  /** What to do; null where nothing has to be done. */
  readonly advice: string | null
  /** The line of the log that tells it, as far as one does. */
  readonly logLine?: string
}

/** Every kind of event: what it means and what to do. docs/node-events.md is made from it. */
export const eventAdvice: Readonly<Record<NodeEventKind, EventAdvice>> = {
  started: {weight: 'info', meaning: 'Its process runs; clients are not served yet.', advice: null},
  ready: {weight: 'info', meaning: 'Its client port answers.', advice: null},
  killed: {
    weight: 'warning',
    meaning: 'It was killed (SIGKILL) by repbench, because somebody asked for it. What it had not sent yet is lost.',
    advice: null,
  },
  stopped: {weight: 'info', meaning: 'It was told to end, and has ended.', advice: null},
  crashed: {
    weight: 'alarm',
    meaning:
      'Its process ended though repbench did not end it. Its data is gone; of a pair the other node goes on serving.',
    advice:
      'Read its last log lines. SIGKILL: somebody’s kill -9, or the system ran out of memory (dmesg, journalctl -k). ' +
      'SIGSEGV of a repcached: a value with flags of 2147483648 or more, or one that it could not store, was executed as commands. ' +
      'Started again, it dials its peer and gets a full copy.',
  },
  paused: {
    weight: 'warning',
    meaning: 'It is frozen (SIGSTOP): its port takes connections, but nothing is answered. Its peer notices nothing.',
    advice: 'Thaw it before the queue of its peer is full: after that the link drops, and both go separate ways.',
  },
  resumed: {
    weight: 'info',
    meaning: 'It runs again (SIGCONT) and catches up, unless the link was dropped.',
    advice: null,
  },
  reachable: {weight: 'info', meaning: 'The server answers again.', advice: null},
  unreachable: {
    weight: 'alarm',
    meaning: 'The server does not answer any more. repbench has not started it, and cannot know why.',
    advice: 'See on its host whether its process runs (ps), and whether the network between lets you through.',
  },
  dialling: {
    weight: 'info',
    meaning: 'It tries to reach its peer. That is done once, at its start, and never again.',
    advice: null,
    logLine: 'replication: connect (peer=…)',
  },
  dialFailed: {
    weight: 'info',
    meaning: 'No peer was there. The first node of a pair always sees this.',
    advice:
      'If its peer runs: they are not paired now, and won’t be by themselves. Restart the node whose data may go: it gets a full copy.',
    logLine: 'replication: close (before start)',
  },
  linkUp: {
    weight: 'info',
    meaning: 'The two are linked: writes on either cross from now on.',
    advice: null,
    logLine: 'replication: accept, replication: start',
  },
  fullSyncStarted: {
    weight: 'info',
    meaning: 'The slave gets all keys. Its client port stays shut until that is done.',
    advice: null,
    logLine: 'replication: marugoto start',
  },
  fullSyncDone: {
    weight: 'info',
    meaning: 'The slave has a copy of all keys that were there.',
    advice: null,
    logLine: 'replication: marugoto owari',
  },
  linkLost: {
    weight: 'alarm',
    meaning: 'The link is gone. The nodes that live go on answering clients, but no write crosses any more.',
    advice:
      'Nobody dials again. Restart the node whose data may go (the stale one): it dials and gets a full copy. ' +
      'Restarting the complete one makes it copy the stale one.',
    logLine: 'replication: close',
  },
  listening: {
    weight: 'info',
    meaning: 'It waits on its replication port for a peer that dials in: it is alone.',
    advice: 'Start (or restart) the other node: only a node that starts dials.',
    logLine: 'replication: listen',
  },
  overflow: {
    weight: 'alarm',
    meaning:
      'Writes came faster than they could be sent to the peer: the queue was full, and the link was dropped with all that it held. ' +
      'Both nodes go on answering STORED, and now differ.',
    advice:
      'Restart the stale node, which is the one that did not take the writes: it gets a full copy. ' +
      'Against the next time: a longer queue (--queue 65536, that is -q), or writes in smaller bursts.',
    logLine: "replication: can't create Q_ITEM",
  },
  bindFailed: {
    weight: 'alarm',
    meaning:
      'It cannot listen on its replication port, because somebody else does. It serves clients, but nobody can ever pair with it.',
    advice:
      'It does not try again. See who has the port (repbench doctor). Where its own partner has it (both share one address ' +
      'and one -X), this node has to be restarted: it then dials the partner and gets its data, so save what only this one has. ' +
      'Two addresses avoid it: -l 127.0.0.1 -x 127.0.0.2 and the reverse.',
    logLine: 'replication: failed to initialize replication server socket',
  },
  sendError: {
    weight: 'alarm',
    meaning: 'The connection to its peer broke while it was sending (104: the peer reset it). What was queued is lost.',
    advice: 'As after a lost link: restart the stale node.',
    logLine: 'replication: send error N',
  },
  linkFault: {
    weight: 'warning',
    meaning: 'Something on the link went wrong that does not end it at once.',
    advice: 'Check that the nodes hold the same (repbench verify); restart the stale one when they do not.',
    logLine: 'replication: already connected, accept error, pop error, pipe write error, got unknown command …',
  },
  outOfMemory: {
    weight: 'alarm',
    meaning: 'It asked the system for memory and got none. What it was doing then has failed.',
    advice:
      'Give it less to hold (--memory, that is -m) or the machine more; memory for connections comes on top of -m.',
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
      'A process that is none of the pair has the pair’s replication port. Nothing is wrong yet for clients, but when the link ends, ' +
      'the node that stays cannot listen there, and a restarted one pairs with the third process and takes its data.',
    advice:
      'Stop the third process while the link is up. Later, restart what is orphaned too; a -X of its own for each pair avoids it.',
  },
  diverging: {
    weight: 'alarm',
    meaning:
      'Both nodes answer their clients, and no write reaches the other one: they go separate ways, and no client notices. ' +
      'Seen by probe writes, by the nodes’ own words, or both.',
    advice:
      'Now, before they differ more: send all writes to one node, and restart the other (the stale one): it dials and gets a full copy.',
  },
  alone: {
    weight: 'alarm',
    meaning:
      'One node of the pair does not answer, and the other has noticed: it goes on alone, and nothing replicates.',
    advice:
      'Start the other one again: it dials and gets a full copy. Where nobody can join the one that is left, restart that one first.',
  },
  unproven: {
    weight: 'alarm',
    meaning:
      'Whether writes cross is not known: a node does not answer, though the other still holds its link to it, or no probe write ' +
      'can be made. What the nodes say of their link is no proof.',
    advice:
      'See whether the process of the silent node runs or is stopped (ps: state T), and whether it takes writes. ' +
      'A frozen one is to be thawed before the queue of its peer is full.',
  },
  parting: {
    weight: 'alarm',
    meaning:
      'The link is well, writes of repbench cross both ways, and yet the nodes do not hold the same: keys were read on both, ' +
      'and again after all that was under way had arrived. A client that goes to the other node gets other answers.',
    advice:
      'See what differs: repbench diff A B; and how it comes about: repbench verify --known-faults. Usual causes: writes by the ' +
      'binary protocol, which repcached does not replicate; a node with less memory, or a smaller -I; a clock that is off.',
  },
  replicating: {
    weight: 'warning',
    meaning: 'Writes cross again. Keys that were written meanwhile may still differ where no full copy was made.',
    advice: 'Compare what they hold: repbench diff.',
  },
}
