/**
 * Options of GNU parallel and xargs that are not supported, each with its alternative. Supported ones have the same
 * name as in parallel.
 */

/** The alternative for each list of options. */
const ADVICE: readonly (readonly [instead: string, options: string])[] = [
  [
    'leave it out, that is the default',
    '--group --silent --no-notice --will-cite --citation --gnu --plain --cleanup --fg',
  ],
  // Input.
  ['--link is its name here', '--xapply'],
  ['the separator is :::', '--arg-sep'],
  ['the separator is ::::', '--arg-file-sep'],
  ['leave it out, empty lines are no items', '--no-run-if-empty'],
  ["end the input before it: sed '/END/Q' FILE | taskpool run …", '-E --eof'],
  ['leave lines out before: tail -n +2 FILE | taskpool run …', '--skip-first-line'],
  ['choose items before: grep … | taskpool run …', '--filter'],
  ['--jsonl takes values as JSON, --colsep splits lines by a regular expression', '--csv'],
  ['-N is the number of items per command', '-l -L --max-lines --max-args'],
  ['-X and -m take as many items as fit into 128 KiB, -N says how many', '-s --max-chars'],
  ['leave it out, an item that is too long has failed', '-x --exit'],
  [
    'commands read nothing here; parallel --pipe is for that, or files, as split makes them',
    `--pipe --pipepart --pipe-part --spreadstdin --tee --block --block-size --block-timeout --bt --recstart
    --recend --regexp --remove-rec-sep --removerecsep --rrs --round-robin --round --cat --fifo --group-by
    --shard --bin`,
  ],
  // Commands.
  [
    'placeholders have fixed names, such as {}; where {} itself is meant: {""}',
    `-i -I -J -U --replace --er --extensionreplace --basenamereplace --bnr --dirnamereplace --dnr
    --basenameextensionreplace --bner --seqreplace --slotreplace`,
  ],
  [
    'there is no Perl here; let the shell of the command do it',
    '--rpl --parens --plus --template --tmpl',
  ],
  [
    'leave it out, an item is always one word of the shell; -q is --quiet here',
    '--quote --shellquote --shell-quote',
  ],
  ['the command changes it: cd DIR && …', '--wd --workdir'],
  ['leave it out, commands have all of the environment', '--env --record-env --session'],
  ['the slot is {%}, and PARALLEL_JOBSLOT in the environment', '--process-slot-var'],
  ['put it before: nice -n 10 taskpool run …', '--nice'],
  ['--tty gives commands the terminal', '-o --open-tty'],
  // Output.
  [
    '--line-buffer prints lines as they come, --tty gives commands the terminal',
    '-u --ungroup --lb --linebuffer --latest-line --ll',
  ],
  ['output is printed as it is', '--color --color-failed --cf --ctag --ctagstring'],
  [
    'a journal keeps results: --journal FILE, then taskpool journal FILE --results',
    '--files --output-as-files --outputasfiles',
  ],
  ['progress is shown unless --quiet is given', '--bar --eta --progress'],
  [
    '--dry-run prints commands, --joblog logs those that have ended',
    '-t --verbose -v -p --interactive',
  ],
  ['taskpool dashboard, or --dashboard, shows what runs', '--tmux --tmuxpane'],
  ['TMPDIR is where long output waits', '--tmpdir --tempdir'],
  [
    'leave it out, long output waits in a file',
    '--compress --compress-program --decompress-program',
  ],
  // Running and scheduling.
  ['--halt is its name here', '--halt-on-error'],
  ['--joblog is its name here', '--jl'],
  ['--resume-failed runs again what failed; it needs a journal', '--retry-failed'],
  ['--kill-after is the time from SIGTERM to SIGKILL', '--termseq --term-seq'],
  ['--memfree starts nothing while less memory is free', '--noswap --memsuspend'],
  ['--load and --memfree look at the machine, --rate at the clock', '--limit'],
  ['the number that run at a time is -j: 8, 50%, +2', '--use-cores-instead-of-threads'],
  ['nproc prints it', '--number-of-cores --number-of-cpus --number-of-threads --number-of-sockets'],
  [
    'flock has one program wait for another',
    '--semaphore --sem --id --semaphore-name --st --wait --bg',
  ],
  [
    'functions run on other machines, with --cluster NAME and taskpool worker',
    `-S -M --sshlogin --sshloginfile --slf --ssh --ssh-delay --sshdelay --onall --nonall --transfer
    --transferfile --tf --return --trc --basefile --bf --controlmaster --filter-hosts --hostgroups --hgrp
    --rsync-opts`,
  ],
  [
    '--cluster has workers take what one process gives out; a journal keeps results',
    `--sql --sqlmaster --sql-master --sqlworker --sql-worker --sqlandworker --sql-and-worker`,
  ],
  ['#!/usr/bin/env -S taskpool run -e COMMAND', '--shebang --hashbang --shebang-wrap'],
];

/**
 * The message for an option that exists in parallel or xargs only; undefined for all others.
 *
 * @param word as it was given: `-L2`, `--eof=STOP`.
 */
export function insteadOf(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  const name = word.startsWith('--') ? word.replace(/=.*/s, '') : word.slice(0, 2);
  const advice = ADVICE.find(([, options]) => options.split(/\s+/).includes(name));
  return advice && `no option ${name} here: ${advice[0]}`;
}
