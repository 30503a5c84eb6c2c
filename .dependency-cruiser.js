// Runs on the sources, types included: a type that is imported upwards ties two floors together as much as a value does.

/**
 * The floors of a folder, lowest first. A room may import rooms of lower floors only;
 * rooms on one floor stand apart from each other.
 */
const floors = {
  src: [['protocol'], ['ask'], ['server', 'telnet'], ['engine'], ['ui'], ['cli']],
}

/** The paths in `src` that a rule speaks of: `in('engine/loop')`. */
const inside = room => `^src/${room}/`

const floorRules = Object.entries(floors).flatMap(([folder, levels]) => {
  const prefix = folder === 'src' ? '' : `${folder}/`
  return levels.flatMap((rooms, level) =>
    rooms.map(room => {
      const forbidden = levels.slice(level).flat().filter(other => other !== room)
      return {
        name: `${prefix}${room}-imports-lower-floors-only`,
        severity: 'error',
        from: {path: inside(prefix + room)},
        to: {path: `^src/${prefix}(${forbidden.join('|')})/`},
      }
    }),
  )
})
