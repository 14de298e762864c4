"""The terms of SHACL Core and SHACL-SPARQL. Validators pass over any other term in the sh: namespace; we do not."""

from __future__ import annotations

from typing import Final

TERMS: Final = frozenset(
    """
    NodeShape PropertyShape Shape Violation Warning Info
    BlankNode BlankNodeOrIRI BlankNodeOrLiteral IRI IRIOrLiteral Literal
    targetNode targetClass targetSubjectsOf targetObjectsOf
    property path severity message deactivated name description order group defaultValue PropertyGroup
    inversePath alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath
    class datatype nodeKind minCount maxCount
    minExclusive minInclusive maxExclusive maxInclusive
    minLength maxLength pattern flags languageIn uniqueLang
    equals disjoint lessThan lessThanOrEquals
    not and or xone node
    qualifiedValueShape qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint
    closed ignoredProperties hasValue in
    sparql select ask prefixes declare prefix namespace PrefixDeclaration SPARQLConstraint
    ConstraintComponent parameter Parameter optional labelTemplate validator nodeValidator propertyValidator
    SPARQLAskValidator SPARQLSelectValidator
    entailment shapesGraph suggestedShapesGraph
    """.split()  # noqa: SIM905 # a hundred quoted words would be harder to read
)
