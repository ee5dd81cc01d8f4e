(feiten.segment = 'midden' AND feiten.nieuw_of_verlenging = TRUE AND feiten.profiel IN ('11', '12') AND feiten.toewijzingsdatum >= '2023-01-01')
OR (feiten.segment = 'midden' AND feiten.nieuw_of_verlenging = TRUE AND feiten.profiel IN ('11', '12') AND feiten.ingangsdatum >= '2023-01-01')
OR (feiten.segment = 'midden' AND feiten.nieuw_of_verlenging = TRUE AND feiten.profiel IN ('11', '12') AND feiten.einddatum <> '9999-12-31' AND feiten.einddatum > '2022-12-31')
