import {type ExplanationRow, row} from './explanation.js'

/** Lines that come from the console itself, in the words of telnet. */
export const sessionTable: readonly ExplanationRow[] = [
  row(/^Trying \S+\.\.\.$/, 'A connection to this address is being opened.'),
  row(/^Connected to .*\.$/, 'The connection stands; what you type goes to the node.'),
  row(/^Escape character is '\^]'\.$/, '^] gives a telnet prompt: close, open HOST PORT, status, quit.'),
  row(
    /^Connection closed by foreign host\.$/,
    'The node ended the connection: it was stopped or killed, it was told quit, or it refuses clients.',
    'Screen 1 shows whether it is up. The console connects again by itself when it is back.',
  ),
  row(/^Connection closed\.$/, 'You ended the connection.', 'The next line that you send opens it again.'),
  row(
    /^Unable to connect to .*: Connection refused$/,
    'Nothing listens there: the node is down, or it is a slave that still receives its full sync (its port is closed until then).',
  ),
  row(
    /^Unable to connect to .*$/,
    'The node cannot be reached: a wrong address, a firewall, or a machine that is down.',
  ),
  row(/^Not connected\.$/, 'There is no connection, so the line went nowhere.'),
]
