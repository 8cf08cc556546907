package io.kohakuvault.vector;

/** How far two vectors are from each other; smaller is nearer. */
public enum Metric {
    /** 1 − a·b / (|a||b|): 0 to 2. Vectors are L2-normalised before they are stored, those of floats. */
    COSINE,
    /** The Euclidean distance. */
    L2,
    /** The sum of absolute differences. */
    L1,
    /** −a·b, so that the greatest product is the nearest. Of queries alone: sqlite-vec has no tables of it. */
    DOT,
    /** In how many places they differ. Of vectors of bits, which have no other. */
    HAMMING
}
