(feiten.handeling <> 'declaratie' AND feiten.ingangsdatum = '0001-01-01')
