package io.kohakuvault.vector;

/** How far two vectors are from each other; smaller is nearer. */
public enum Metric {
    /** 1 − a·b / (|a||b|): 0 to 2. Vectors are L2-normalised before they are stored. */
    COSINE("cosine"),
    /** The Euclidean distance. */
    L2("L2"),
    /** The sum of absolute differences. */
    L1("L1");

    private final String token;

    Metric(String token) {
        this.token = token;
    }

    /**
     * sqlite-vec's name for it.
     *
     * @return {@code cosine}, {@code L2} or {@code L1}
     */
    public String token() {
        return token;
    }
}
