import {type ExplanationRow, row} from './explanation.js'

const MEMORY = 'Give the node more memory (-m), or store less: stats slabs and stats items show which class is full.'

/** Why a node refused a command: the client's mistakes, then the node's own trouble. */
export const errorTable: readonly ExplanationRow[] = [
  row(
    /^ERROR$/,
    'The node does not know this command, or it has too few words. After a data block of the wrong length, the rest of the block is read as a command too.',
    'Commands are in lower case: set KEY FLAGS EXPTIME BYTES, then the data on a line of its own.',
  ),
  row(
    /^ERROR Too many open connections$/,
    'The node has as many clients as -c allows, and turns this one away (-o maxconns_fast).',
    'Close connections, or give the node a higher -c.',
  ),
  row(
    /^CLIENT_ERROR bad data chunk$/,
    'The data block has another length than the command line announced: its bytes must be followed by exactly CR LF.',
    'Count the bytes, not the characters (ü has two). Nothing was stored; surplus bytes were read as a command.',
  ),
  row(
    /^CLIENT_ERROR bad command line format/,
    'A word of the command line is missing, too long, or no number where one belongs; or the key has more than 250 bytes.',
    'The form is: set KEY FLAGS EXPTIME BYTES, flags from 0 to 4294967295.',
  ),
  row(/^CLIENT_ERROR bad command line/, 'The command line has words that do not belong there, or lacks some.'),
  row(
    /^CLIENT_ERROR cannot increment or decrement non-numeric value/,
    'incr and decr work on values that are decimal numbers below 2^64, and this one is not.',
  ),
  row(/^CLIENT_ERROR invalid numeric delta argument/, 'The step of incr or decr is no decimal number below 2^64.'),
  row(
    /^CLIENT_ERROR invalid exptime argument/,
    'The expiry time is no number. 0 is never; above 2592000 it is a date.',
  ),
  row(
    /^CLIENT_ERROR line too long/,
    'The command line is longer than the node reads, and it ends the connection.',
    'Ask for fewer keys in one line.',
  ),
  row(/^CLIENT_ERROR usage/i, 'The command has sub-commands, and none of them was named.'),
  row(/^CLIENT_ERROR Illegal (slab id|argument)/, 'The number is no slab class.', 'stats slabs lists them.'),
  row(
    /^CLIENT_ERROR (slab reassignment|slab automove|lru crawler) disabled/,
    'The node was started without that feature.',
  ),
  row(
    /^CLIENT_ERROR (invalid (or duplicate )?flag|duplicate flag|bad token|options? flags|opaque token)/,
    'A flag of a meta command is unknown, given twice, or too long.',
  ),
  row(/^CLIENT_ERROR invalid mode/, 'The M flag of ms or ma names a mode that there is not (ms: S E A P R; ma: I D).'),
  row(/^CLIENT_ERROR error decoding key/, 'With the flag b the key must be valid base64.'),
  row(
    /^CLIENT_ERROR (unauthenticated|authentication failure)/,
    'The node wants a name and a password first (-Y, SASL).',
    'Send: set auth 0 0 BYTES, then USER PASSWORD as the data.',
  ),
  row(/^CLIENT_ERROR .*$/, 'The node refused the command line for a mistake in it; nothing was changed.'),
  row(
    /^SERVER_ERROR object too large for cache/,
    'The item with its key and header is larger than -I allows (1 MB if not given). A set that fails so removes the old value, too.',
    'Store smaller values, or start both nodes with a larger -I.',
  ),
  row(
    /^SERVER_ERROR out of memory storing object/i,
    'There is no room in the slab class of the item, and nothing that could be evicted: with -M nothing ever is.',
    MEMORY,
  ),
  row(/^SERVER_ERROR out of memory/i, 'The node could not get memory for the item or for the answer.', MEMORY),
  row(
    /^SERVER_ERROR .*$/,
    'The node itself is in trouble; the command was right.',
    'Read its log (1, then L), and its stats.',
  ),
]
