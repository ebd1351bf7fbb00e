/**
 * Options of GNU parallel and xargs that are not there, and what to use instead. Those that are there
 * have the name that they have in parallel.
 */

/** What does nothing here that is not done anyway. */
const DEFAULT = 'leave it out, that is the default';
const NO_INPUT =
  'commands read nothing here: parallel --pipe is for that, or files, as split makes them';
const MACHINES = 'functions run on other machines, with --cluster NAME and taskpool worker';
const PLACEHOLDERS = 'placeholders have fixed names, such as {}; where {} itself is meant: {""}';
const PERL = 'there is no Perl here; let the shell of the command do it';
const BY_LINE = '--line-buffer prints lines as they come, --tty gives commands the terminal';
const PROGRESS = 'progress is shown unless --quiet is given';

const INSTEAD: Readonly<Record<string, string>> = {
  '-i': PLACEHOLDERS,
  '-I': PLACEHOLDERS,
  '--replace': PLACEHOLDERS,
  '-l': '-N is the number of items, or lines, per command',
  '-L': '-N is the number of items, or lines, per command',
  '--max-lines': '-N is the number of items, or lines, per command',
  '--max-args': '-N is the number of items per command',
  '-s': '-X and -m take as many as fit into 128 KiB, -N says how many',
  '--max-chars': '-X and -m take as many as fit into 128 KiB, -N says how many',
  '-x': 'leave it out, an item that is too long has failed',
  '--exit': 'leave it out, an item that is too long has failed',
  '-E': "end the input before it: sed '/END/Q' FILE | taskpool run …",
  '--eof': "end the input before it: sed '/END/Q' FILE | taskpool run …",
  '--arg-sep': 'the separator is :::',
  '--arg-file-sep': 'the separator is ::::',
  '--xapply': '--link is its name here',
  '--no-run-if-empty': 'leave it out, empty lines are no items',
  '--csv': '--jsonl takes values as JSON, --colsep splits lines by a regular expression',
  '--skip-first-line': 'leave the line out: tail -n +2 FILE | taskpool run …',
  '--filter': 'choose items before: grep … | taskpool run …',
  '--rpl': PERL,
  '--parens': PERL,
  '--plus': PERL,
  '-U': PLACEHOLDERS,
  '--er': PLACEHOLDERS,
  '--extensionreplace': PLACEHOLDERS,
  '--basenamereplace': PLACEHOLDERS,
  '--bnr': PLACEHOLDERS,
  '--dirnamereplace': PLACEHOLDERS,
  '--dnr': PLACEHOLDERS,
  '--basenameextensionreplace': PLACEHOLDERS,
  '--bner': PLACEHOLDERS,
  '--seqreplace': PLACEHOLDERS,
  '--slotreplace': PLACEHOLDERS,
  '--quote': 'leave it out, an item is always one word of the shell; -q is --quiet here',
  '--shellquote': 'an item is always one word of the shell',
  '--group': DEFAULT,
  '-u': BY_LINE,
  '--ungroup': BY_LINE,
  '--lb': '--line-buffer is its name here',
  '--latest-line': BY_LINE,
  '--ll': BY_LINE,
  '--tagstring': '--tag begins each line with the item; others the command prints itself',
  '--ctag': '--tag is without colours',
  '--ctagstring': '--tag is without colours',
  '--color': 'output is printed as it is',
  '--results': 'a journal keeps results: --journal FILE, then taskpool journal FILE --results',
  '--files': 'a journal keeps results: --journal FILE, then taskpool journal FILE --results',
  '--retry-failed': '--resume-failed runs again what failed; it needs a journal',
  '-t': '--dry-run prints commands, --joblog logs those that have ended',
  '--verbose': '--dry-run prints commands, --joblog logs those that have ended',
  '-v': '--dry-run prints commands, --joblog logs those that have ended',
  '-p': '--dry-run prints the commands; none is asked for',
  '--interactive': '--dry-run prints the commands; none is asked for',
  '--bar': PROGRESS,
  '--eta': PROGRESS,
  '--progress': PROGRESS,
  '--silent': DEFAULT,
  '--no-notice': DEFAULT,
  '--will-cite': DEFAULT,
  '--gnu': DEFAULT,
  '--plain': DEFAULT,
  '--halt-on-error': '--halt is its name here',
  '--termseq': '--kill-after is the time from SIGTERM to SIGKILL',
  '--nice': 'nice -n 10 taskpool run …',
  '--noswap': '--memfree starts nothing while less memory is free',
  '--memsuspend': '--memfree starts nothing while less memory is free',
  '--limit': '--load and --memfree look at the machine, --rate at the clock',
  '--wd': 'the command changes it: cd DIR && …',
  '--workdir': 'the command changes it: cd DIR && …',
  '--tmpdir': 'TMPDIR is where long output waits',
  '--env': 'leave it out, commands have all of the environment',
  '--record-env': 'leave it out, commands have all of the environment',
  '--process-slot-var': 'the slot is {%}, and PARALLEL_JOBSLOT in the environment',
  '--compress': 'leave it out, long output waits in a file below TMPDIR',
  '--tmux': 'taskpool dashboard, or --dashboard, shows what runs',
  '--tmuxpane': 'taskpool dashboard, or --dashboard, shows what runs',
  '--semaphore': 'flock has one program wait for another',
  '--sem': 'flock has one program wait for another',
  '--shebang': '#!/usr/bin/env -S taskpool run -e COMMAND',
  '--embed': 'a script needs Node and this package',
  '--pipe': NO_INPUT,
  '--pipepart': NO_INPUT,
  '--spreadstdin': NO_INPUT,
  '--tee': NO_INPUT,
  '--block': NO_INPUT,
  '--recstart': NO_INPUT,
  '--recend': NO_INPUT,
  '--round-robin': NO_INPUT,
  '--cat': NO_INPUT,
  '--fifo': NO_INPUT,
  '--header':
    'columns and sources have numbers: {1}, {2}; leave the first line out with tail -n +2',
  '-S': MACHINES,
  '--sshlogin': MACHINES,
  '--slf': MACHINES,
  '--sshloginfile': MACHINES,
  '--onall': MACHINES,
  '--nonall': MACHINES,
  '--transfer': MACHINES,
  '--transferfile': MACHINES,
  '--tf': MACHINES,
  '--return': MACHINES,
  '--trc': MACHINES,
  '--basefile': MACHINES,
  '--bf': MACHINES,
  '--sqlmaster': '--cluster has workers take what one process gives out; a journal keeps results',
  '--sqlworker': '--cluster has workers take what one process gives out; a journal keeps results',
  '--sqlandworker':
    '--cluster has workers take what one process gives out; a journal keeps results',
};

/**
 * The message for an option that is not there but in parallel or xargs; undefined for all others.
 *
 * @param word as it was given: `-L2`, `--eof=STOP`.
 */
export function insteadOf(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  const name = word.startsWith('--') ? word.replace(/=.*/s, '') : word.slice(0, 2);
  if (!Object.hasOwn(INSTEAD, name)) return undefined;
  return `no option ${name} here: ${INSTEAD[name]}`;
}
