package io.kohakuvault.codec;

/**
 * How eight bytes of a self-describing value are recognised as an integer or a float, which the format does not say.
 * What this library writes reads right either way.
 */
public enum NumberGuess {
    /**
     * Better than KohakuVault's rule: an integer of milliseconds since 1970, a small negative one and zero are read as
     * such.
     */
    BETTER,
    /** Exactly KohakuVault's rule, to see what Python sees: 10^12 reads as 4.94e-312, 0.0 as 0 and -0.0 as -2^63. */
    ORIGINAL
}
