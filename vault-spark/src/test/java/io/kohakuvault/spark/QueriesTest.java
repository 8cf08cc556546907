package io.kohakuvault.spark;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated queries in one process; {@link ClusterIT} has them answered by several. */
class QueriesTest {
    @TempDir
    Path folder;

    @Test
    void answerAsDuckDbDoes() throws Exception {
        new GeneratedQueries(folder).check(Local.spark(), Integer.getInteger("vault.spark.queries", 200));
    }
}
