/** Somebody whom an identity provider vouches for. */
export interface ProvenPerson {
  /** Never the same for two people of one provider, nor two for one. */
  readonly subject: string;
  /** What it calls the person, if it says so; not unique and not checked. */
  readonly name: string | undefined;
  /** The provider itself does not know who it is: a guest there is a guest here. */
  readonly anonymous: boolean;
}

/**
 * An identity provider whose proof the client already holds, such as a token of its own login. A
 * new one is a file beside this that makes one of these, and a line in `create-identity.ts`.
 */
export interface IdentityStrategy {
  /** As clients ask for it in auth.logInWith. */
  readonly name: string;
  /** Stands before subjects in the database; another issuer must be another provider. */
  readonly provider: string;
  /** Believes a proof or throws an AppError, CREDENTIALS_WRONG or UNAVAILABLE. */
  prove(proof: string): Promise<ProvenPerson>;
}
