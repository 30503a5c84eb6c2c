/** Keys of a question. A part of the key table. */
export const dialogBindings = [
  {id: 'dialog.accept', keys: ['enter'], modes: ['dialog'], label: 'marked answer', help: 'take the marked answer'},
  {
    id: 'dialog.other',
    keys: ['tab', 'left', 'right', 'shift+tab', 'up', 'down'],
    modes: ['dialog'],
    label: 'other',
    help: 'mark the other answer',
  },
  {id: 'dialog.yes', keys: ['y'], modes: ['dialog'], label: 'yes', help: 'yes'},
  {id: 'dialog.no', keys: ['n', 'esc'], modes: ['dialog'], label: 'no', help: 'no'},
  {id: 'dialog.erase', keys: ['backspace'], modes: ['dialog'], help: 'delete the last character typed'},
] as const
