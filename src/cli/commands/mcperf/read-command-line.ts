import {UsageError} from '../../app/errors.js'
import {GetoptError, getopt} from '../../options/getopt.js'
import {defaultRequest, type McperfRequest, mcperfOptions} from './mcperf-options.js'

const letters = Object.keys(mcperfOptions).filter(name => name.length === 1)
const forms = {
  switches: letters.filter(letter => mcperfOptions[letter]!.wants === null).join(''),
  valued: letters.filter(letter => mcperfOptions[letter]!.wants !== null).join(''),
  long: Object.fromEntries(
    Object.entries(mcperfOptions).flatMap(([name, {long, wants}]) =>
      long.map(text => [text, {name, hasValue: wants !== null}]),
    ),
  ),
}

/**
 * Reads the words after `repbench mcperf` as mcperf does; what is given twice counts as given last.
 * @throws UsageError in mcperf's words
 */
export function readMcperfCommandLine(words: readonly string[]): McperfRequest {
  const request = defaultRequest()
  try {
    for (const {name, value} of getopt(words, forms)) mcperfOptions[name]!.apply(request, value)
  } catch (error) {
    throw error instanceof GetoptError ? new UsageError(describe(error), {cause: error}) : error
  }
  return request
}

function describe({fault, option}: GetoptError): string {
  if (fault === 'lacks value') return `option -${option} requires ${mcperfOptions[option]!.wants}`
  return `invalid option -- '${option}'`
}
