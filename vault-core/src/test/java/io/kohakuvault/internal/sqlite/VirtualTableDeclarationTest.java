package io.kohakuvault.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualTableDeclarationTest {
    @Test
    void commentsQuotesAndParenthesesSeparateNothing() {
        VirtualTableDeclaration found = VirtualTableDeclaration.parse(
                        "create VIRTUAL\ttable /* using x(a) */ \"my \"\"using\"\" t\" -- (\n"
                                + "uSiNg [FTS5] /* ( */ ( /* lead */ \"a, b\" /* trail */ , [c)d], 'it''s' UNINDEXED, -- , not a column\n"
                                + " x(1, (2, 3)), `q``r`, tokenize = \"unicode61 tokenchars '-,('\" )")
                .orElseThrow();
        assertThat(found.module()).isEqualTo("fts5");
        assertThat(found.arguments())
                .containsExactly(
                        "\"a, b\"",
                        "[c)d]",
                        "'it''s' UNINDEXED",
                        "x(1, (2, 3))",
                        "`q``r`",
                        "tokenize = \"unicode61 tokenchars '-,('\"");
    }

    @Test
    void theModuleIsNamedInLowerCaseAndMayHaveNoArguments() {
        assertThat(VirtualTableDeclaration.parse("CREATE VIRTUAL TABLE main.t USING DbStat"))
                .contains(new VirtualTableDeclaration("dbstat", List.of()));
        assertThat(VirtualTableDeclaration.parse("CREATE VIRTUAL TABLE t USING \"a\"\"B\"()"))
                .contains(new VirtualTableDeclaration("a\"b", List.of("")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "CREATE TABLE t (a)",
                "CREATE TABLE virtual (a)",
                "CREATE VIEW v AS SELECT 'CREATE VIRTUAL TABLE t USING fts5(a)'",
                "CREATE VIRTUAL TABLE t",
                "CREATE VIRTUAL TABLE t USING",
                "CREATE VIRTUAL TABLE t USING fts5(a",
                "CREATE VIRTUAL TABLE t USING fts5('a)",
                "CREATE VIRTUAL TABLE t USING fts5(a /* )",
                "CREATE VIRTUAL TABLE t USING fts5 a)",
                "\"CREATE\" VIRTUAL TABLE t USING fts5(a)",
                "CREATE VIRTUAL TABLE \"using fts5(a)"
            })
    void whatIsNoneOrNotWellFormedIsNone(String sql) {
        assertThat(VirtualTableDeclaration.parse(sql)).isEmpty();
    }

    @Test
    void everyBeginningOfAStatementEnds() {
        String sql = "CREATE VIRTUAL TABLE \"t\" /* c */ USING [fts5] ('a', `b` -- d\n, tokenize='x')";
        for (int length = 0; length < sql.length(); length++) {
            assertThat(VirtualTableDeclaration.parse(sql.substring(0, length)).map(VirtualTableDeclaration::arguments))
                    .as(sql.substring(0, length))
                    .isIn(java.util.Optional.empty(), java.util.Optional.of(List.of()));
        }
    }
}
