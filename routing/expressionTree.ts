/** A CEL expression as a tree: the library's parser makes it, what is in this folder walks it. */
import type { parse } from '@bufbuild/cel';

export type Parsed = ReturnType<typeof parse>;
export type Expr = NonNullable<Parsed['expr']>;

/** Names that the parser gives by itself begin so; nobody can write them. */
export const OWN = '@';

/** The expressions directly below, in the order of evaluation. */
export function childrenOf({ exprKind: { case: kind, value } }: Expr): readonly Expr[] {
  switch (kind) {
    case 'selectExpr':
      return present([value.operand]);
    case 'callExpr':
      return present([value.target, ...value.args]);
    case 'listExpr':
      return value.elements;
    case 'structExpr':
      return value.entries.flatMap(({ keyKind, value: entry }) =>
        present([keyKind.case === 'mapKey' ? keyKind.value : undefined, entry]),
      );
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = value;
      return present([iterRange, accuInit, loopCondition, loopStep, result]);
    }
    case 'constExpr':
    case 'identExpr':
    case undefined:
      return [];
    default:
      return kind satisfies never;
  }
}

const present = (found: readonly (Expr | undefined)[]): readonly Expr[] => found.filter((each) => each !== undefined);

/** A call as the parser would make it of `name(…args)`. */
export const call = (id: bigint, name: string, args: Expr[]): Expr => ({
  $typeName: 'cel.expr.Expr',
  id,
  exprKind: { case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: name, args } },
});
