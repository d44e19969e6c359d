import { type Command, Option } from 'commander';

/** Adds the option that says what becomes of the data that a removal would leave without a description. */
export function addDataOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--data <what>',
      'what becomes of the data there is; without it, it keeps the removal from being done',
    ).choices(['delete']),
  );
}

/** Whether the data is to be deleted. */
export function saysDelete({ data }: { readonly data?: string }): boolean {
  return data === 'delete';
}
