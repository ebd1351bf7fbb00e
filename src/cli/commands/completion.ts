/** `taskpool completion`: prints a script with which a shell completes subcommands and options. */

import { Argument, type Command } from 'commander';
import { newCommand } from '../command.ts';

/**
 * @param root returns the command with all subcommands.
 */
export function completionCommand(root: () => Command): Command {
  return newCommand('completion')
    .description(
      'Prints a script that completes subcommands, options and files. Have your shell read it: ' +
        'eval "$(taskpool completion bash)", or zsh likewise, or taskpool completion fish | source.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS) => {
      process.stdout.write(SCRIPTS[shell](wordsOf(root())));
    });
}

/** The possible next words after a path of subcommands. */
interface Words {
  /** The words typed so far, for instance `taskpool run`. */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly Word[];
}

interface Word {
  readonly text: string;
  readonly description: string;
}

function wordsOf(command: Command, path = command.name()): Words[] {
  const help = command.createHelp();
  const options = help
    .visibleOptions(command)
    .flatMap((option) =>
      [option.short, option.long]
        .filter((text) => text !== undefined)
        .map((text) => ({ text, description: option.description })),
    );
  const commands = command.commands.map((one) => ({
    text: one.name(),
    description: one.summary() || one.description(),
  }));
  const below = command.commands.flatMap((one) => wordsOf(one, `${path} ${one.name()}`));
  return [{ path, commands, options }, ...below];
}

function texts(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function pathsOf(words: readonly Words[]): string {
  return words.map(({ path }) => path.replaceAll(' ', '_')).join(' ');
}

function cases(words: readonly Words[]): string {
  return words
    .map(
      ({ path, commands, options }) =>
        `    ${quoted(path)}) commands=${quoted(texts(commands))} options=${quoted(texts(options))} ;;`,
    )
    .join('\n');
}

const SCRIPTS = {
  bash: (words: readonly Words[]) => `_taskpool() {
  local words=("\${COMP_WORDS[@]:0:COMP_CWORD}") current="\${COMP_WORDS[COMP_CWORD]}"
  local commands options paths=${quoted(pathsOf(words))}
  local path=taskpool word
  for word in "\${words[@]:1}"; do
    case " $paths " in *" \${path// /_}_$word "*) path="$path $word" ;; *) break ;; esac
  done
  case "$path" in
${cases(words)}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$commands" -- "$current")) ;;
  esac
}
complete -o default -F _taskpool taskpool
`,
  zsh: (words: readonly Words[]) => `#compdef taskpool
_taskpool() {
  local commands options paths=${quoted(pathsOf(words))}
  local path_=taskpool word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case " $paths " in *" \${path_// /_}_$word "*) path_="$path_ $word" ;; *) break ;; esac
  done
  case "$path_" in
${cases(words)}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then compadd -- \${=options}
  elif [[ -n "$commands" ]]; then compadd -- \${=commands}
  else _files
  fi
}
if (( $+functions[compdef] )); then compdef _taskpool taskpool; fi
`,
  fish: (words: readonly Words[]) =>
    words.flatMap(({ path, commands, options }) => fishLines(path, commands, options)).join(''),
};

function fishLines(path: string, commands: readonly Word[], options: readonly Word[]): string[] {
  const seen = path.split(' ').slice(1);
  const notYet = commands.length > 0 ? [`not __fish_seen_subcommand_from ${texts(commands)}`] : [];
  const condition = [...seen.map((word) => `__fish_seen_subcommand_from ${word}`), ...notYet];
  const when = condition.length === 0 ? '' : ` -n ${quoted(condition.join('; and '))}`;
  const line = (text: string) => `complete -c taskpool${when}${text}\n`;
  return [
    ...commands.map(({ text, description }) => line(` -f -a ${text} -d ${quoted(description)}`)),
    ...options.map(({ text, description }) => {
      const flag = text.startsWith('--') ? `-l ${text.slice(2)}` : `-s ${text.slice(1)}`;
      return line(` ${flag} -d ${quoted(description)}`);
    }),
  ];
}
