(feiten.segment = 'midden' AND feiten.handeling = 'lopend' AND feiten.profiel IN ('11', '12') AND feiten.einddatum <= '2022-12-31')
