import type {CommandShape, OptionShape, OptionValue} from './command-shapes.js'

/** Shells with a completion script. */
export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** The script that makes a shell complete `repbench`: its commands, options and their values. */
export function completionScript(shell: Shell, commands: readonly CommandShape[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(commands)
    case 'zsh':
      return zshScript(commands)
    case 'fish':
      return fishScript(commands)
  }
}

function bashScript(commands: readonly CommandShape[]): string {
  const cases = commands.map(
    ({name, words, options}) =>
      `    ${quote(name)}) words=${quote(join(words.map(({word}) => word)))} options=${quote(join(options.flatMap(({flags}) => flags)))} ;;\n`,
  )
  return `# Completion of repbench for bash, from: repbench completion bash
${valueFunction(commands)}
_repbench() {
  local current=\${COMP_WORDS[COMP_CWORD]} command='' before='' words='' options='' values='' files='' index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
${commandLoop(commands, 'COMP_WORDS')}  done
  # bash takes --option=value for three words.
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $before == '=' ]]; then
    before=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [[ $before == -* ]] && _repbench_value "$command" "$before"; then
    [[ -n $files ]] || compopt +o default 2>/dev/null
    COMPREPLY=($(compgen -W "$values" -- "$current"))
    if [[ -n $files ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
    return
  fi
  case "$command" in
${cases.join('')}  esac
  if [[ $current == -* ]]; then words=$options; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _repbench repbench
`
}

function zshScript(commands: readonly CommandShape[]): string {
  const described = (pairs: readonly (readonly [string, string])[]): string =>
    pairs.map(([word, summary]) => `\n        ${quote(summary === '' ? word : `${word}:${summary}`)}`).join('')
  const cases = commands.map(({name, words, options}) => {
    const names = described(words.map(({word, summary}) => [word, summary]))
    const flags = described(options.flatMap(({flags, summary}) => flags.map(flag => [flag, summary] as const)))
    return `    ${quote(name)})\n      names=(${names})\n      options=(${flags}) ;;\n`
  })
  return `#compdef repbench
# Completion of repbench for zsh, from: repbench completion zsh
${valueFunction(commands)}
_repbench() {
  local command='' before='' values='' files='' index
  local -a names options
  for ((index = 2; index < CURRENT; index++)); do
${commandLoop(commands, 'words')}  done
  if [[ $before == -* ]] && _repbench_value "$command" "$before"; then
    if [[ -n $values ]]; then compadd -- \${=values}; fi
    if [[ -n $files ]]; then _files; fi
    return
  fi
  case "$command" in
${cases.join('')}  esac
  if [[ $PREFIX == -* ]]; then
    _describe -o option options
  elif (($#names)); then
    _describe word names
  else
    _files
  fi
}
if [[ \${funcstack[1]} == _repbench ]]; then _repbench "$@"; else compdef _repbench repbench; fi
`
}

function fishScript(commands: readonly CommandShape[]): string {
  const lines = commands.flatMap(({name, words, options}) => {
    const when = name === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${name}`
    const line = (rest: string): string => `complete -c repbench -n ${quote(when)} ${rest}\n`
    return [
      ...words.map(({word, summary}) => line(`-f -a ${quote(word)}${describe(summary)}`)),
      ...options.map(option => line(`${fishFlags(option)}${fishValue(option.value)}${describe(option.summary)}`)),
    ]
  })
  return `# Completion of repbench for fish, from: repbench completion fish\n${lines.join('')}`
}

function fishFlags({flags}: OptionShape): string {
  return flags.map(flag => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ')
}

function fishValue(value: OptionValue | null): string {
  if (value === null) return ' -f'
  const words = value.words.length === 0 ? '' : ` -a ${quote(join(value.words))}`
  return value.files ? ` -r -F${words}` : ` -x${words}`
}

function describe(summary: string): string {
  return summary === '' ? '' : ` -d ${quote(summary)}`
}

/** Sets \`values\` and \`files\` of an option; fails for one that takes no value. Of bash and zsh. */
function valueFunction(commands: readonly CommandShape[]): string {
  const patterns = new Map<string, string[]>()
  for (const {name, options} of commands) {
    for (const {flags, value} of options) {
      if (value === null) continue
      const found = `values=${quote(join(value.words))} files=${value.files ? 'yes' : "''"}`
      const like = patterns.get(found) ?? []
      patterns.set(found, [...like, ...flags.map(flag => quote(`${name} ${flag}`))])
    }
  }
  const cases = Array.from(patterns, ([found, like]) => `    ${like.join('|')}) ${found} ;;\n`)
  return `_repbench_value() {
  case "$1 $2" in
${cases.join('')}    *) return 1 ;;
  esac
}`
}

/** Finds the command; a word that is the value of an option is none. Of bash and zsh. */
function commandLoop(commands: readonly CommandShape[], array: string): string {
  const word = `\${${array}[index]}`
  const names = commands.flatMap(({name}) => (name === '' ? [] : [quote(` ${name}`)]))
  return `    if [[ $before != -* ]] || ! _repbench_value "$command" "$before"; then
      case "$command ${word}" in ${names.join('|')}) command=${word} ;; esac
    fi
    before=${word}
`
}

function join(words: readonly string[]): string {
  return words.join(' ')
}

/** For any of the three shells. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
