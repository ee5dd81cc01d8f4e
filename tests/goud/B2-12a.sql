(feiten.segment = 'midden' AND feiten.nieuw_of_verlenging = TRUE AND feiten.profiel IN ('11') AND feiten.toewijzingsdatum >= '2022-01-01')
OR (feiten.segment = 'midden' AND feiten.nieuw_of_verlenging = TRUE AND feiten.profiel IN ('11') AND feiten.ingangsdatum >= '2022-01-01')
