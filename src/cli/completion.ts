import { UsageError } from "./failure.ts";

/** The shells for which there is a script. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** The first word by which a shell asks for completions: the words of its line follow, the last one unfinished. */
export const COMPLETE = "__complete";

const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], string>> = {
  // A word that nothing is proposed for is completed as the name of a file.
  bash: `_agentrefine() {
  local IFS=$'\\n'
  COMPREPLY=($(agentrefine ${COMPLETE} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _agentrefine agentrefine
`,
  zsh: `#compdef agentrefine
_agentrefine() {
  local -a proposed
  proposed=("\${(@f)$(agentrefine ${COMPLETE} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  proposed=("\${(@)proposed:#}")
  if (( \${#proposed} )); then compadd -a proposed; else _files; fi
}
(( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit }
compdef _agentrefine agentrefine
`,
  fish: `function __agentrefine_complete
  set -l words (commandline -opc)
  agentrefine ${COMPLETE} $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c agentrefine -a '(__agentrefine_complete)'
`,
};

/** The script that completes `agentrefine` in a shell. Throws UsageError for a shell that there is none for. */
export function completionScript(shell: string): string {
  const known = SHELLS.find((each) => each === shell);
  if (known !== undefined) return SCRIPTS[known];
  throw new UsageError(`there is no completion for ${shell}`, { fix: `Give one of ${SHELLS.join(", ")}.` });
}
