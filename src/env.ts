/** The variables of the environment: what each room takes, so that tests can give others. */
export type Env = Readonly<Record<string, string | undefined>>;
